import type { OutboxItem, WaitingDeletion, WaitingEdit, WaitingSend } from '../held.js';
import type { Message, SendOptions } from '../wire.js';

/** A message as one shows it. */
export interface ShownMessage
  extends Partial<Omit<Message, 'id' | 'edited_at' | 'mentions' | 'poll'>>, Omit<SendOptions, 'mentions' | 'poll'> {
  /** Stays the same from when it is written: what a list knows its rows by. */
  readonly key: string;
  /** null until the server has it. */
  readonly id: number | null;
  readonly author_id: number;
  readonly contents: string;
  readonly created_at: string;
  readonly edited_at?: string | undefined;
  /** Whom it names. */
  readonly mentions?: {
    readonly user_ids?: readonly number[];
    readonly roles?: readonly string[];
    readonly all?: boolean;
  };
  /** What it asks; of a message that the server does not have yet, as it was given. */
  readonly poll?: Message['poll'] | SendOptions['poll'];
  /**
   * - `sent`: the server has it as it is shown.
   * - `pending`: it, or its change, waits to be sent.
   * - `failed`: the server has refused it, or its change: see `error`. One may `retry` or `discard` it.
   */
  readonly state: 'sent' | 'pending' | 'failed';
  /** What waits or has failed. A message whose deletion waits is still there: it may be shown faintly, or not at all. */
  readonly change?: 'send' | 'edit' | 'delete' | undefined;
  /** Why it has failed, such as `CHANGED_MEANWHILE`. */
  readonly error?: string | undefined;
  /** What `retry` and `discard` take, while something waits or has failed. */
  readonly waitingKey?: string | undefined;
}

type WaitingChange = WaitingEdit | WaitingDeletion;

const plain = new WeakMap<Message, ShownMessage>();
const changed = new WeakMap<WaitingChange, { readonly message: Message; readonly shown: ShownMessage }>();
const waiting = new WeakMap<WaitingSend, ShownMessage>();

/** The same object for the same message. */
export function shownMessage(message: Message, me: number | undefined, change?: WaitingChange): ShownMessage {
  let shown = plain.get(message);
  if (!shown) {
    const { id, author_id, client_id } = message;
    const key = author_id === me && client_id !== undefined ? client_id : String(id);
    plain.set(message, (shown = { ...message, key, state: 'sent' }));
  }
  if (!change) return shown;
  const known = changed.get(change);
  if (known?.message === message) return known.shown;
  const shownChange = { ...shown, ...changeOf(change) };
  changed.set(change, { message, shown: shownChange });
  return shownChange;
}

function changeOf(change: WaitingChange): Partial<ShownMessage> {
  const contents = change.kind === 'edit' ? { ...change.given, contents: change.contents } : {};
  if (change.kind === 'edit' && change.answer) return { ...contents, edited_at: change.answer.message?.edited_at };
  return { ...contents, state: change.state, change: change.kind, error: change.error, waitingKey: change.key };
}

/** A send that is not in the copy of the chat yet. */
function shownSend(item: WaitingSend, me: number | undefined): ShownMessage {
  let shown = waiting.get(item);
  if (!shown) {
    const message = item.answer?.message;
    shown = message
      ? shownMessage(message, me)
      : {
          ...item.given,
          key: item.key,
          id: null,
          author_id: me ?? 0,
          contents: item.contents,
          created_at: item.createdAt,
          state: item.state,
          change: 'send',
          error: item.error,
          waitingKey: item.key,
        };
    waiting.set(item, shown);
  }
  return shown;
}

/** The sends of a chat that wait, with what is still to be done to them, and the changes of its messages by their ids. */
export function overlayOf(items: readonly OutboxItem[], me: number | undefined) {
  const changes = new Map<number, WaitingChange>();
  const ofSends = new Map<string, WaitingChange>();
  const sends: WaitingSend[] = [];
  for (const item of items) {
    if (item.kind === 'send') sends.push(item);
    else if (item.kind === 'edit' || item.kind === 'delete') {
      if (item.messageId !== undefined) changes.set(item.messageId, item);
      else if (item.sendKey !== undefined) ofSends.set(item.sendKey, item);
    }
  }
  const shown = sends.map((send) => {
    const change = ofSends.get(send.key) ?? changes.get(send.answer?.message?.id ?? 0);
    return change ? { ...shownSend(send, me), ...changeOf(change) } : shownSend(send, me);
  });
  return { changes, sends: shown };
}
