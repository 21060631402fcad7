import type { Person } from 'messenger-client';
import { useMemo, useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useView } from '../app/use-view.js';
import { SanctionDialog, type Sanction } from '../moderation/sanction-dialog.js';
import { openPrivate } from '../people/open-private.js';
import { PersonNames } from '../people/person-names.js';
import { useTexts } from '../texts/index.js';
import { Menu, type MenuItem } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

const PAGE = 50;

/** Who takes part in a group, some at a time. */
export function Members({ chatId }: { readonly chatId: number }) {
  const { client, userId } = useAccount();
  const texts = useTexts();
  const chat = useChatHandle(chatId);
  const members = useView(chat.participants);
  const [shown, setShown] = useState(PAGE);
  const [sanction, setSanction] = useState<Sanction>();
  const mayModerate = useView(chat.info)?.own_rights.includes('moderate') === true;
  const { error, run } = useTask();
  const visible = members?.slice(0, shown) ?? [];
  const ids = visible.map(({ id }) => id).join();
  const presence = useView(useMemo(() => client.presence(ids === '' ? [] : ids.split(',').map(Number)), [client, ids]));

  const write = async (person: Person) => go(`c/${await openPrivate(client, person.id)}`);
  const remove = (user_id: number) =>
    client.ask('DELETE', '/chat/{chat_id}/participants/{user_id}', { path: { chat_id: chatId, user_id } });
  const actionsOn = (person: Person): MenuItem[] => [
    { label: texts.writeMessage, onChoose: () => run(() => write(person)) },
    ...(mayModerate
      ? (['restrict', 'ban'] as const).map((kind) => ({
          label: kind === 'ban' ? texts.banMember(person.name) : texts.restrictMember(person.name),
          onChoose: () => setSanction({ kind, person }),
          isDanger: true,
        }))
      : []),
    {
      label: texts.removeMember(person.name),
      onChoose: () => run(() => remove(person.id)),
      isDanger: true,
    },
  ];

  return (
    <section class="section" aria-label={texts.membersTitle} aria-busy={members === undefined}>
      <h2>{texts.membersTitle}</h2>
      <Problem error={error} />
      <ul class="people">
        {visible.map((person) => (
          <li key={person.id} class="person">
            <span class="person-open">
              <PersonNames person={person} isOnline={presence.get(person.id)?.online === true} />
            </span>
            {String(person.id) === userId ? (
              <span class="secondary">{texts.you}</span>
            ) : (
              <Menu label={`${texts.more}: ${person.name}`} items={actionsOn(person)} />
            )}
          </li>
        ))}
      </ul>
      {members !== undefined && members.length > shown && (
        <button type="button" class="wide-button" onClick={() => setShown(shown + PAGE)}>
          {texts.showMore}
        </button>
      )}
      {sanction && <SanctionDialog {...sanction} chatId={chatId} onClose={() => setSanction(undefined)} />}
    </section>
  );
}
