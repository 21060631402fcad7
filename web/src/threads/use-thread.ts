import {
  MessengerError,
  type ChatHandle,
  type Message,
  type MessengerClient,
  type ShownMessage,
} from 'messenger-client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useView } from '../app/use-view.js';
import type { ListedMessages } from '../conversation/listed-messages.js';
import { useReplies } from './use-replies.js';

/** So far back the client's own copy is asked for; what is further back comes from the server alone. */
const HELD = 1000;
const STEP = 100;
const PAGE = 100;

/** What the server has said, the oldest first. */
interface Asked {
  readonly chatId: number;
  readonly root: Message | undefined;
  readonly replies: readonly Message[];
  readonly next: number | null;
}

function shown(message: Message, me: number): ShownMessage {
  const { id, author_id, client_id } = message;
  const key = author_id === me && client_id !== undefined ? client_id : String(id);
  return { ...message, key, state: 'sent' };
}

async function ask(client: MessengerClient, rootId: number, cursor?: number): Promise<Asked> {
  const path = { message_id: rootId };
  const query = { order: 'desc', limit: PAGE, ...(cursor !== undefined && { cursor }) } as const;
  const [page, root] = await Promise.all([
    client.ask('GET', '/message/{message_id}/thread', { path, query }),
    cursor === undefined ? client.ask('GET', '/message/{message_id}', { path }) : undefined,
  ]);
  return { chatId: page.chat_id, root, replies: page.messages.toReversed(), next: page.next };
}

export interface Thread {
  readonly root: ShownMessage | undefined;
  /** Its message, and below it the replies. */
  readonly list: ListedMessages;
  readonly loadOlder: () => Promise<void>;
  /** Whether there is no such thread, or not any more. */
  readonly isGone: boolean;
}

/**
 * A thread, of the client's copy as far as that goes back, and before it of the server. What comes of the copy is live; what is further back is as it was
 * when the thread was opened, or a connection came about.
 */
export function useThread(client: MessengerClient, chat: ChatHandle, rootId: number, me: number): Thread {
  const window = useMemo(() => chat.messages({ limit: STEP }), [chat]);
  const all = useView(window);
  const { state } = useView(client.connection);
  const replies = useReplies(chat, all);
  const [asked, setAsked] = useState<Asked>();
  const [isRefused, setRefused] = useState(false);
  const latest = useRef(all);
  latest.current = all;

  const isHeld = all.indexOf(rootId) >= 0;
  useEffect(() => {
    // All of a thread is in the copy when its message is.
    if (state !== 'online' || isHeld) return;
    let isCurrent = true;
    ask(client, rootId).then(
      (answer) => {
        if (!isCurrent) return;
        if (answer.chatId === chat.id) setAsked(answer);
        else setRefused(true);
      },
      (error: unknown) => {
        const isFinal = error instanceof MessengerError && !error.isTemporary && error.status >= 400;
        if (isCurrent && isFinal) setRefused(true);
      },
    );
    const reach = async () => {
      for (let count = 0; isCurrent && count < HELD && latest.current.hasOlder; count += STEP) {
        if ((latest.current.at(0)?.id ?? 0) <= rootId) return;
        await window.loadOlder(STEP);
      }
    };
    reach().catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [client, chat, window, rootId, state, isHeld]);

  const loadOlder = useCallback(async () => {
    if (typeof asked?.next !== 'number') return;
    const older = await ask(client, rootId, asked.next);
    setAsked((now) => now && { ...now, replies: [...older.replies, ...now.replies], next: older.next });
  }, [client, rootId, asked?.next]);

  const held = all.at(all.indexOf(rootId));
  const root = isHeld ? held : asked?.root && shown(asked.root, me);
  const list = useMemo((): ListedMessages => {
    const first = all.at(0)?.id ?? Infinity;
    const older = isHeld ? [] : (asked?.replies ?? []).filter(({ id }) => id < first);
    const live = replies.placesIn(all, (id) => id === rootId).flatMap((place) => all.at(place) ?? []);
    const isWhole = isHeld || asked?.next === null;
    const messages = [...(root && isWhole ? [root] : []), ...older.map((message) => shown(message, me)), ...live];
    return {
      length: messages.length,
      at: (place) => messages.at(place),
      indexOf: (wanted) => messages.findIndex(({ id }) => id === wanted),
      slice: (start, end) => messages.slice(start, end),
      hasOlder: !isWhole,
      isLoading: !isWhole && asked === undefined,
    };
  }, [all, asked, isHeld, root, rootId, me, replies]);

  // The copy goes back beyond it, and does not have it.
  const isDeleted = !isHeld && all.length > 0 && (!all.hasOlder || (all.at(0)?.id ?? Infinity) <= rootId);
  const isInThread = root?.thread_id !== undefined;
  return { root, list, loadOlder, isGone: isRefused || isDeleted || isInThread };
}
