import { useCallback, useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { lineOf } from '../conversation/mentions.js';
import { useTexts } from '../texts/index.js';
import { shortTime } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';
import { Empty } from '../ui/empty.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { threadStateOf } from './thread-state.js';
import { useFollowed } from './use-followed.js';

type Client = ReturnType<typeof useClient>;
type Page = Awaited<ReturnType<typeof readPage>>;

function readPage(client: Client, cursor?: number) {
  return client.ask('GET', '/user/threads', { query: cursor === undefined ? {} : { cursor } });
}

/** Of many changes in a row the server is asked once. */
const QUIET_MS = 600;

/** The threads that the user follows, that with the latest reply first. */
export function ThreadsList() {
  const client = useClient();
  const texts = useTexts();
  const { state } = useView(client.connection);
  const { chats, archived } = useView(client.chats);
  const people = useView(client.people);
  const own = useView(client.own);
  const { change } = useFollowed();
  const [found, setFound] = useState<Pick<Page, 'threads' | 'next'>>();
  const [failure, setFailure] = useState<unknown>();
  const { isBusy, error, run } = useTask();

  const load = useCallback(async () => {
    const page = await readPage(client);
    setFound((before) => {
      const isNew = new Set(page.threads.map(({ thread_id }) => thread_id));
      const others = before?.threads.filter(({ thread_id }) => !isNew.has(thread_id)) ?? [];
      return others.length === 0 ? page : { threads: [...page.threads, ...others], next: before?.next ?? null };
    });
  }, [client]);
  const showMore = async (cursor: number) => {
    const page = await readPage(client, cursor);
    setFound((before) => ({ threads: [...(before?.threads ?? []), ...page.threads], next: page.next }));
  };
  useEffect(() => {
    if (state !== 'online') return;
    const timer = setTimeout(() => void load().catch(setFailure), found === undefined ? 0 : QUIET_MS);
    return () => clearTimeout(timer);
  }, [load, state, change]);
  // What is followed no more is not asked for once more to know it.
  const threads = found?.threads.filter(({ thread_id }) => threadStateOf(own, thread_id)?.following !== false);
  const next = found?.next ?? null;

  return (
    <div class="panel">
      <PanelHead title={texts.threads} />
      <div class="panel-body" aria-busy={found === undefined}>
        <Problem error={error ?? (found ? undefined : failure)} />
        {threads?.length === 0 && <Empty title={texts.noThreads} text={texts.noThreadsText} />}
        {threads !== undefined && threads.length > 0 && (
          <ul class="threads">
            {threads.map(({ thread_id, chat_id, unread_count, message, author }) => (
              <li key={thread_id}>
                <Link class="chat" to={`c/${chat_id}/t/${thread_id}`}>
                  <Avatar id={author.id} name={author.name} url={author.avatar_url} />
                  <span class="chat-title">
                    <bdi>{[...chats, ...archived].find(({ id }) => id === chat_id)?.title ?? texts.thread}</bdi>
                  </span>
                  {message.thread && (
                    <time class="chat-time" dateTime={message.thread.last_reply_at}>
                      {shortTime(message.thread.last_reply_at)}
                    </time>
                  )}
                  <span class="chat-line">
                    <span class="chat-author">{`${author.name}: `}</span>
                    <bdi>{lineOf(message.contents.slice(0, 160), people, texts)}</bdi>
                  </span>
                  <span class="chat-marks">
                    <span class="secondary">{texts.replies(message.thread?.reply_count ?? 0)}</span>
                    {unread_count > 0 && (
                      <span class="badge">
                        <span aria-hidden="true">{unread_count}</span>
                        <span class="hidden">{texts.unread(unread_count)}</span>
                      </span>
                    )}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
        {next !== null && (
          <button type="button" class="wide-button" aria-disabled={isBusy} onClick={() => run(() => showMore(next))}>
            {texts.showMore}
          </button>
        )}
      </div>
    </div>
  );
}
