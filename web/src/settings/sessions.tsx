import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask } from '../account/tokens.js';
import { useTexts } from '../texts/index.js';
import { moment } from '../texts/times.js';
import { Problem } from '../ui/problem.js';
import { useTasks } from '../ui/use-tasks.js';

interface Session {
  readonly id: number;
  readonly device: string | null;
  readonly address: string | null;
  readonly last_seen_at: string;
  readonly is_current: boolean;
}

/** Where one is signed in. */
export function Sessions() {
  const texts = useTexts();
  const [sessions, setSessions] = useState<readonly Session[]>();
  const { error, run } = useTasks();
  const load = useCallback(async () => {
    setSessions((await ask<{ sessions: readonly Session[] }>('GET', 'user/sessions')).sessions);
  }, []);
  useEffect(() => run('load', load), [load, run]);
  const end = (path: string) =>
    run(path, async () => {
      await ask('DELETE', path);
      await load();
    });
  const others = sessions?.filter(({ is_current }) => !is_current) ?? [];
  return (
    <section class="section" aria-label={texts.sessions} aria-busy={sessions === undefined && error === undefined}>
      <h2>{texts.sessions}</h2>
      <Problem error={error} />
      <ul class="people">
        {sessions?.map((session) => (
          <li key={session.id} class="person">
            <span class="person-open">
              <span>
                <bdi class="person-name">{session.device ?? texts.unknownDevice}</bdi>
                <span class="secondary">
                  <bdi>{session.address ?? ''}</bdi> {moment(session.last_seen_at)}
                </span>
              </span>
            </span>
            {session.is_current ? (
              <span class="secondary">{texts.thisSession}</span>
            ) : (
              <button type="button" class="text-button danger" onClick={() => end(`user/sessions/${session.id}`)}>
                {texts.endSession}
              </button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <button type="button" class="wide-button danger" onClick={() => end('user/sessions')}>
          {texts.endOthers}
        </button>
      )}
    </section>
  );
}
