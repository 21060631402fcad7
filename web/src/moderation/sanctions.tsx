import { useCallback, useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { fullTime } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';
import { Problem } from '../ui/problem.js';
import { useTasks } from '../ui/use-tasks.js';

interface Person {
  readonly id: number;
  readonly name: string;
  readonly avatar_url: string | null;
}

interface Listed {
  readonly user: Person;
  readonly until: string | null;
  readonly reason: string;
}

/** Who is restricted in a group, in the shadow there or banned from it, for those who may lift that. */
export function Sanctions({ chatId, version }: { readonly chatId: number; readonly version: number }) {
  const client = useClient();
  const texts = useTexts();
  const [restricted, setRestricted] = useState<readonly Listed[]>([]);
  const [shadowed, setShadowed] = useState<readonly Listed[]>([]);
  const [banned, setBanned] = useState<readonly Listed[]>([]);
  const [unread, setUnread] = useState<unknown>();
  const { error, run } = useTasks();
  const load = useCallback(async () => {
    const given = { path: { chat_id: chatId }, query: {} };
    setRestricted((await client.ask('GET', '/chat/{chat_id}/restrictions', given)).sanctions);
    setShadowed((await client.ask('GET', '/chat/{chat_id}/shadows', given)).sanctions);
    setBanned((await client.ask('GET', '/chat/{chat_id}/bans', given)).sanctions);
  }, [client, chatId]);
  // Each change of the group may be one of these. It holds up nobody who lifts one.
  useEffect(() => {
    load().catch(setUnread);
  }, [load, version]);

  const liftRestriction = async (user_id: number) => {
    const path = { chat_id: chatId, user_id };
    await client.ask('DELETE', '/chat/{chat_id}/participants/{user_id}/restriction', { path });
    await load();
  };
  const liftShadow = async (user_id: number) => {
    const path = { chat_id: chatId, user_id };
    await client.ask('DELETE', '/chat/{chat_id}/participants/{user_id}/shadow', { path });
    await load();
  };
  const liftBan = async (user_id: number) => {
    await client.ask('DELETE', '/chat/{chat_id}/bans/{user_id}', { path: { chat_id: chatId, user_id } });
    await load();
  };
  const listOf = (title: string, people: readonly Listed[], lift: (id: number) => Promise<void>) =>
    people.length > 0 && (
      <section class="section" aria-label={title}>
        <h2>{title}</h2>
        <ul class="people">
          {people.map(({ user, until, reason }) => (
            <li key={user.id} class="person">
              <span class="person-open">
                <Avatar id={user.id} name={user.name} url={user.avatar_url} />
                <span>
                  <bdi class="person-name">{user.name}</bdi>
                  <br />
                  <bdi class="secondary">{reason}</bdi>
                  {until !== null && <span class="secondary"> · {fullTime(until)}</span>}
                </span>
              </span>
              <button
                type="button"
                class="text-button"
                aria-label={`${texts.lift}: ${user.name}`}
                onClick={() => run(`${title} ${user.id}`, () => lift(user.id))}
              >
                {texts.lift}
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  return (
    <>
      <Problem error={error ?? unread} />
      {listOf(texts.restricted, restricted, liftRestriction)}
      {listOf(texts.shadowed, shadowed, liftShadow)}
      {listOf(texts.bannedPeople, banned, liftBan)}
    </>
  );
}
