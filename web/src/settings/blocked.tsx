import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Problem } from '../ui/problem.js';
import { useTasks } from '../ui/use-tasks.js';

export function Blocked() {
  const client = useClient();
  const texts = useTexts();
  const blocked = useView(client.blocked);
  const { error, run } = useTasks();
  const unblock = (userId: number) =>
    run(String(userId), () => client.ask('DELETE', '/user/blocks/{user_id}', { path: { user_id: userId } }));
  return (
    <section class="section" aria-label={texts.blocked}>
      <h2>{texts.blocked}</h2>
      {blocked.length === 0 && <p class="secondary">{texts.nobodyBlocked}</p>}
      <Problem error={error} />
      <ul class="people">
        {blocked.map((person) => (
          <li key={person.id} class="person">
            <span class="person-open">
              <Avatar id={person.id} name={person.name} url={person.avatar_url} />
              <bdi class="person-name">{person.name}</bdi>
            </span>
            <button type="button" class="text-button" onClick={() => unblock(person.id)}>
              {texts.unblock}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
