import type { ShownChat } from 'messenger-client';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { PersonNames } from '../people/person-names.js';
import { useTexts } from '../texts/index.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

type Client = ReturnType<typeof useClient>;
type Page = Awaited<ReturnType<typeof readPage>>;

function readPage(client: Client, chatId: number) {
  return client.ask('GET', '/chat/{chat_id}/join-requests', { path: { chat_id: chatId }, query: {} });
}

/** Who asks to join, for those who may let them in. The first come first; others come when these are answered. */
export function JoinRequests({ info }: { readonly info: ShownChat }) {
  const client = useClient();
  const texts = useTexts();
  const { state } = useView(client.connection);
  const [page, setPage] = useState<Page>();
  const { isBusy, error, run } = useTask();
  const load = useCallback(async () => setPage(await readPage(client, info.id)), [client, info.id]);
  useEffect(() => {
    if (state === 'online') load().catch(() => undefined);
  }, [load, state, info.participant_count]);

  const answer = (user_id: number, method: 'PUT' | 'DELETE') =>
    run(async () => {
      await client.ask(method, '/chat/{chat_id}/join-requests/{user_id}', { path: { chat_id: info.id, user_id } });
      await load();
    });
  if (!page || page.count === 0) return null;
  return (
    <section class="section" aria-label={texts.joinRequests}>
      <h2>{texts.joinRequests}</h2>
      <Problem error={error} />
      <ul class="people">
        {page.users.map((person) => (
          <li key={person.id} class="person">
            <span class="person-open">
              <PersonNames person={person} />
            </span>
            <button
              type="button"
              class="text-button"
              aria-label={`${texts.admit}: ${person.name}`}
              aria-disabled={isBusy}
              onClick={() => answer(person.id, 'PUT')}
            >
              {texts.admit}
            </button>
            <button
              type="button"
              class="text-button danger"
              aria-label={`${texts.refuse}: ${person.name}`}
              aria-disabled={isBusy}
              onClick={() => answer(person.id, 'DELETE')}
            >
              {texts.refuse}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
