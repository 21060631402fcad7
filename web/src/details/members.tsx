import type { ShownChat } from 'messenger-client';
import { useMemo, useState } from 'preact/hooks';
import { useAccount } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useView } from '../app/use-view.js';
import { SanctionDialog, sanctionTitle, type Sanction } from '../moderation/sanction-dialog.js';
import { openPrivate } from '../people/open-private.js';
import { PersonNames } from '../people/person-names.js';
import { useTexts } from '../texts/index.js';
import { Menu, type MenuItem } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { SearchField } from '../ui/search-field.js';
import { useTask } from '../ui/use-task.js';
import { useTasks } from '../ui/use-tasks.js';
import { isAbove, rolesBelow, type Role } from './roles.js';
import { useMembers, type Member } from './use-members.js';

/** A group of so many is looked through at a glance. */
const FEW = 10;

/** Who takes part in a group, with their roles, and what one may do about them. */
export function Members({ info, onSanction }: { readonly info: ShownChat; readonly onSanction: () => void }) {
  const { client, userId } = useAccount();
  const texts = useTexts();
  const [name, setName] = useState('');
  const { members, hasMore, error, refresh, showMore } = useMembers(info, name.trim());
  const { error: failure, run } = useTasks();
  const opening = useTask();
  const people = useView(client.people);
  const ids = members?.map(({ id }) => id).join() ?? '';
  const [sanction, setSanction] = useState<Sanction>();
  const presence = useView(useMemo(() => client.presence(ids === '' ? [] : ids.split(',').map(Number)), [client, ids]));

  // A role of a newer server has no name here.
  const roleNames: Partial<Record<string, string>> = texts.roles;
  const may = (right: string) => info.own_rights.some((each) => each === right);
  const act = (name: string, task: () => Promise<unknown>) => () =>
    run(name, async () => {
      await task();
      await refresh();
    });
  const write = async (person: Member) => go(`c/${await openPrivate(client, person.id)}`);
  const give = (user_id: number, role: Role) =>
    client.ask('PATCH', '/chat/{chat_id}/participants/{user_id}', {
      path: { chat_id: info.id, user_id },
      body: { role },
    });
  const giveTo = ({ id }: Member, role: Role) => act(`${id} ${role}`, () => give(id, role));
  const remove = (user_id: number) =>
    client.ask('DELETE', '/chat/{chat_id}/participants/{user_id}', { path: { chat_id: info.id, user_id } });

  const actionsOn = (person: Member): MenuItem[] => {
    const isBelow = isAbove(info.own_role, person.role);
    const roles = isBelow && may('set_roles') ? rolesBelow(info.own_role, person.role) : [];
    const items: MenuItem[] = [
      { label: texts.writeMessage, onChoose: () => opening.run(() => write(person)) },
      ...roles.map((role) => ({ label: texts.makeRole[role], onChoose: giveTo(person, role) })),
    ];
    if (may('hand_over')) {
      items.push({
        label: texts.makeRole.owner,
        onChoose: giveTo(person, 'owner'),
        isDanger: true,
        question: texts.handOverSure(person.name),
      });
    }
    if (isBelow && may('remove_member')) {
      items.push({
        label: texts.removeMember(person.name),
        onChoose: act(`${person.id} remove`, () => remove(person.id)),
        isDanger: true,
      });
    }
    if (isBelow && may('moderate')) {
      for (const kind of ['restrict', 'shadow', 'ban'] as const) {
        const chosen = { kind, person };
        items.push({
          ...{ label: sanctionTitle(texts, chosen), onChoose: () => setSanction(chosen), isDanger: true },
        });
      }
    }
    return items;
  };

  return (
    <section class="section" aria-label={texts.membersTitle} aria-busy={members === undefined}>
      <h2>{texts.membersTitle}</h2>
      {((members?.length ?? 0) > FEW || name !== '') && (
        <SearchField label={texts.findMember} value={name} onText={setName} onKeyDown={() => undefined} />
      )}
      <Problem error={failure ?? opening.error ?? error} />
      <ul class="people">
        {members?.map((member) => (
          <li key={member.id} class="person">
            <span class="person-open">
              <PersonNames
                person={people.get(member.id) ?? member}
                isOnline={presence.get(member.id)?.online === true}
              />
            </span>
            {member.role !== 'member' && <span class="secondary">{roleNames[member.role]}</span>}
            {String(member.id) === userId ? (
              <span class="secondary">{texts.you}</span>
            ) : (
              <Menu label={`${texts.more}: ${member.name}`} items={actionsOn(member)} />
            )}
          </li>
        ))}
      </ul>
      <div role="status">{members?.length === 0 && <p class="hint">{texts.nobodyFound}</p>}</div>
      {hasMore && (
        <button type="button" class="wide-button" onClick={() => run('more', showMore)}>
          {texts.showMore}
        </button>
      )}
      {sanction && (
        <SanctionDialog
          {...sanction}
          chatId={info.id}
          onClose={() => {
            setSanction(undefined);
            onSanction();
          }}
        />
      )}
    </section>
  );
}
