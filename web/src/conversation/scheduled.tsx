import type { OwnStates, ScheduledMessage } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { problemOfCode } from '../account/problem.js';
import { useTexts } from '../texts/index.js';
import { fullTime } from '../texts/times.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { lineOf } from './mentions.js';

interface Props {
  readonly chatId: number;
  /** Only what is sent in that thread; undefined: what is sent beside all, and all that has failed, as its thread may be gone. */
  readonly threadId?: number;
}

function scheduledIn(own: OwnStates | undefined, { chatId, threadId }: Props): ScheduledMessage[] {
  return Object.values((own ?? {}) as Record<string, object>)
    .filter((state): state is ScheduledMessage => 'send_at' in state)
    .filter(({ chat_id, thread_id, state }) => {
      const isHere = thread_id === threadId || (threadId === undefined && state === 'failed');
      return chat_id === chatId && isHere && (state === 'waiting' || state === 'failed');
    })
    .sort((one, other) => Date.parse(one.send_at) - Date.parse(other.send_at));
}

/** What the user has written here that is sent later, and what was refused when its time had come. */
export function Scheduled(props: Props) {
  const client = useClient();
  const texts = useTexts();
  const [error, setError] = useState<unknown>();
  const scheduled = scheduledIn(useView(client.own), props);
  const people = useView(client.people);
  if (scheduled.length === 0) return null;
  return (
    <section class="scheduled" aria-label={texts.scheduled}>
      <ul>
        {scheduled.map(({ id, contents, send_at, reason }) => {
          const path = { scheduled_id: id };
          return (
            <li key={id}>
              <span>
                <strong>{reason === null ? fullTime(send_at) : problemOfCode(reason)}</strong>{' '}
                <bdi>{lineOf(contents, people, texts)}</bdi>
              </span>
              <Menu
                label={texts.scheduledActions}
                items={[
                  {
                    label: texts.sendNow,
                    onChoose: () => void client.ask('POST', '/scheduled/{scheduled_id}/send', { path }).catch(setError),
                  },
                  {
                    label: texts.cancelScheduled,
                    isDanger: true,
                    onChoose: () => void client.ask('DELETE', '/scheduled/{scheduled_id}', { path }).catch(setError),
                  },
                ]}
              />
            </li>
          );
        })}
      </ul>
      {error !== undefined && <Problem error={error} />}
    </section>
  );
}
