import type { ShownChat, ShownMessage } from 'messenger-client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { threadMarkOf } from '../threads/thread-state.js';
import { useReplies } from '../threads/use-replies.js';
import { withoutReplies } from '../threads/without-replies.js';
import { Empty } from '../ui/empty.js';
import { MessageLog } from './message-log.js';
import { useReading } from './use-reading.js';

const FEWEST = 50;
const MOST = 300;
/** Read messages above the first unread one. */
const BEFORE_UNREAD = 30;

interface Props {
  readonly info: ShownChat;
  readonly sends: number;
  readonly onEdit: (message: ShownMessage) => void;
  readonly onAnswer: (message: ShownMessage) => void;
}

/** The messages of a chat. Those of threads are in their threads, where they are unread, too. */
export function Messages({ info, sends, onEdit, onAnswer }: Props) {
  const { client, userId } = useAccount();
  const chat = useChatHandle(info.id);
  const texts = useTexts();
  const [limit] = useState(() => Math.min(MOST, Math.max(FEWEST, info.unread_count + BEFORE_UNREAD)));
  const window = useMemo(() => chat.messages({ limit }), [chat, limit]);
  const all = useView(window);
  const own = useView(client.own);
  const { state } = useView(client.connection);
  const replies = useReplies(chat, all);
  const list = useMemo(() => withoutReplies(all, replies), [all, replies]);

  // Where most of what is newest is in threads, a window of it would be nearly empty.
  const isShort = list.length < FEWEST && list.length < all.length && all.hasOlder;
  useEffect(() => {
    // Without a network it is tried again with the next connection.
    if (isShort) window.loadOlder().catch(() => undefined);
  }, [window, isShort, all.length, state]);

  /** What was read when one came, or came back: the line of what is new stays there. */
  const [mark, setMark] = useState(() => (info.unread_count > 0 ? (info.last_read_message_id ?? 0) : undefined));
  const latest = useRef(info);
  latest.current = info;
  useEffect(() => {
    const leave = () => {
      if (document.hidden || !document.hasFocus()) setMark(latest.current.last_read_message_id ?? 0);
    };
    document.addEventListener('visibilitychange', leave);
    addEventListener('blur', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      removeEventListener('blur', leave);
    };
  }, []);
  useEffect(() => {
    if (sends > 0) setMark(undefined);
  }, [sends]);

  const read = useReading(chat);
  const onSeen = useCallback(
    (id: number) => {
      const { unread_count, marked_unread, last_read_message_id } = latest.current;
      if (unread_count === 0 && !marked_unread) return;
      if (marked_unread || id > (last_read_message_id ?? 0)) read(id);
    },
    [read],
  );

  const onThread = useCallback((message: ShownMessage) => go(`c/${info.id}/t/${message.id}`), [info.id]);
  const unreadInThread = ({ id, thread }: ShownMessage) => {
    const mark = threadMarkOf(own, id ?? 0);
    if (id === null || !thread || mark === undefined || thread.last_reply_id <= mark) return 0;
    return replies.unreadIn(all, id, mark, Number(userId));
  };

  return (
    <MessageLog
      info={info}
      list={list}
      loadOlder={window.loadOlder}
      label={texts.messages}
      mark={mark}
      unreadCount={info.unread_count}
      sends={sends}
      onSeen={onSeen}
      onEdit={onEdit}
      onAnswer={onAnswer}
      onThread={onThread}
      unreadInThread={unreadInThread}
    >
      {list.length === 0 ? (
        <Empty title={texts.noMessagesTitle} text={texts.noMessagesText} />
      ) : (
        <p class="beginning">{texts.beginning}</p>
      )}
    </MessageLog>
  );
}
