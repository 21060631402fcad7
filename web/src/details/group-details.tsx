import type { ShortUser, ShownChat } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useAccount, useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { Sanctions } from '../moderation/sanctions.js';
import { PeoplePicker } from '../people/people-picker.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Problem } from '../ui/problem.js';
import { SureButton } from '../ui/sure-button.js';
import { useTask } from '../ui/use-task.js';
import { GroupProfile } from './group-profile.js';
import { GroupRules } from './group-rules.js';
import { InviteLinks } from './invite-links.js';
import { JoinRequests } from './join-requests.js';
import { Members } from './members.js';

function AddPeople({ chatId }: { readonly chatId: number }) {
  const texts = useTexts();
  const client = useClient();
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
      const query = { participants: 0 };
      await client.ask('POST', '/chat/{chat_id}/participants', { path: { chat_id: chatId }, query, body });
      setChosen(undefined);
    });
  return (
    <section class="section" aria-label={texts.addPeople}>
      <h2>{texts.addPeople}</h2>
      <PeoplePicker chosen={chosen} onChosen={setChosen} />
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
  // Who is put into the shadow is no change of the group.
  const [sanctions, setSanctions] = useState(0);
  const may = (right: string) => info.own_rights.some((each) => each === right);
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
        {info.description !== null && <p dir="auto">{info.description}</p>}
      </div>
      {may('admit') && <JoinRequests info={info} />}
      <Members info={info} onSanction={() => setSanctions((count) => count + 1)} />
      {may('add_member') && <AddPeople chatId={info.id} />}
      {may('invite') && <InviteLinks info={info} />}
      {may('rename') && <GroupProfile info={info} />}
      <GroupRules info={info} />
      {may('moderate') && <Sanctions chatId={info.id} version={info.pts + sanctions} />}
      <Problem error={error} />
      <SureButton label={texts.leave} question={texts.leaveSure} onSure={leave} />
    </>
  );
}
