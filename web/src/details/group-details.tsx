import type { ShortUser, ShownChat } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useAccount, useChatHandle, useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useView } from '../app/use-view.js';
import { Sanctions } from '../moderation/sanctions.js';
import { PeoplePicker } from '../people/people-picker.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { SureButton } from '../ui/sure-button.js';
import { useTask } from '../ui/use-task.js';
import { Members } from './members.js';

function Rename({ info }: { readonly info: ShownChat }) {
  const texts = useTexts();
  const client = useClient();
  const [name, setName] = useState<string>();
  const { isBusy, error, run } = useTask();
  const shown = name ?? info.name ?? '';
  const save = (event: Event) => {
    event.preventDefault();
    run(async () => {
      await client.ask('PATCH', '/chat/{chat_id}', { path: { chat_id: info.id }, body: { name: shown.trim() } });
      setName(undefined);
    });
  };
  const isChanged = shown.trim() !== '' && shown.trim() !== info.name;
  return (
    <form class="form" onSubmit={save}>
      <Field
        label={texts.groupName}
        value={shown}
        maxLength={255}
        dir="auto"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      {isChanged && (
        <button type="submit" class="button" aria-disabled={isBusy}>
          {texts.rename}
        </button>
      )}
      <Problem error={error} />
    </form>
  );
}

function AddPeople({ chatId }: { readonly chatId: number }) {
  const texts = useTexts();
  const client = useClient();
  const members = useView(useChatHandle(chatId).participants) ?? [];
  const [chosen, setChosen] = useState<readonly ShortUser[]>();
  const { isBusy, error, run } = useTask();
  if (!chosen) {
    return (
      <button type="button" class="wide-button" onClick={() => setChosen([])}>
        {texts.addPeople}
      </button>
    );
  }
  const add = () =>
    run(async () => {
      const body = { user_ids: chosen.map(({ id }) => id) };
      await client.ask('POST', '/chat/{chat_id}/participants', { path: { chat_id: chatId }, body });
      setChosen(undefined);
    });
  return (
    <section class="section" aria-label={texts.addPeople}>
      <h2>{texts.addPeople}</h2>
      <PeoplePicker chosen={chosen} onChosen={setChosen} without={members.map(({ id }) => id)} />
      <Problem error={error} />
      <p class="buttons">
        <button type="button" class="button button-quiet" onClick={() => setChosen(undefined)}>
          {texts.cancel}
        </button>
        <button type="button" class="button" aria-disabled={isBusy || chosen.length === 0} onClick={add}>
          {texts.add}
        </button>
      </p>
    </section>
  );
}

export function GroupDetails({ info }: { readonly info: ShownChat }) {
  const texts = useTexts();
  const { client, userId } = useAccount();
  const { error, run } = useTask();
  const leave = () =>
    run(async () => {
      const path = { chat_id: info.id, user_id: Number(userId) };
      await client.ask('DELETE', '/chat/{chat_id}/participants/{user_id}', { path });
      go('', { isInPlace: true });
    });
  return (
    <>
      <div class="card">
        <Avatar id={info.id} name={info.title} url={info.avatar_url} isLarge />
        <h2>
          <bdi>{info.title}</bdi>
        </h2>
        <p class="secondary">{texts.members(info.participant_count)}</p>
      </div>
      <Rename info={info} />
      <AddPeople chatId={info.id} />
      <Members chatId={info.id} />
      {info.own_rights.includes('moderate') && <Sanctions chatId={info.id} version={info.pts} />}
      <Problem error={error} />
      <SureButton label={texts.leave} question={texts.leaveSure} onSure={leave} />
    </>
  );
}
