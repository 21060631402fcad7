import { chatDoesNotExist, commitChange, type Context } from '../../changes/index.js';
import type { MessagePage as FoundPage } from '../../database/index.js';
import { notAuthorized } from '../../shared/errors.js';
import { findUserIds, type ShortUser } from '../users/index.js';
import { messageCreated, messageDeleted, messageUpdated } from './message.changes.js';
import {
  clientIdTaken,
  messageDoesNotExist,
  notAcceptingMessages,
  notTheOwner,
  sentMessageDeleted,
} from './messages.errors.js';
import { editMessage, findMessageFor, mayWrite, removeMessage, type OwnedMessage } from './messages.queries.js';
import type { Message, MessagePage, MessagePageQuery, SendMessage, SentMessage } from './messages.schemas.js';

/**
 * Sends the message once, also when the request is repeated under the same client_id.
 * @param viaKeyId the API key that sends it in the name of the user; null: the user does.
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat;
 *   CLIENT_ID_TAKEN when another message was sent under this client_id; MESSAGE_DELETED when the message is gone again;
 *   NOT_ACCEPTING_MESSAGES in a private chat whose two may not write to each other.
 */
export async function sendMessage(
  { statements, live }: Context,
  userId: number,
  chatId: number,
  { contents, client_id, ...given }: SendMessage,
  viaKeyId: number | null = null,
): Promise<SentMessage> {
  const inputs = { ...given, via_key_id: viaKeyId };
  const sent = await statements.message.send({ authorId: userId, chatId, contents, clientId: client_id, inputs });
  switch (sent.outcome) {
    case 'sent': {
      const { pts, ...data } = sent.message;
      live.publish({ type: messageCreated.type, chatId, pts, data });
      return sent.message as SentMessage;
    }
    case 'repeated':
      return { ...(sent.message as SentMessage), deduplicated: true };
    case 'taken':
      throw clientIdTaken();
    case 'deleted':
      throw sentMessageDeleted();
    case 'not accepting':
      throw notAcceptingMessages();
    case 'not a participant':
      throw chatDoesNotExist();
    case 'no such user':
      throw notAuthorized();
  }
}

/** @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat. */
export async function getMessages(
  { statements }: Context,
  userId: number,
  chatId: number,
  page: MessagePageQuery,
): Promise<MessagePage> {
  // One more than the page has: it tells whether there is another page.
  const found = await statements.message.page(userId, chatId, { cursor: undefined, ...page, limit: page.limit + 1 });
  if (found === undefined) throw notAuthorized();
  if (found === null) throw chatDoesNotExist();
  return toPage(found, page.limit);
}

/** @param found one message more than the page has, when there is another page. */
export function toPage(found: FoundPage, limit: number): MessagePage {
  const messages = found.messages.slice(0, limit) as unknown as Message[];
  const has_more = found.messages.length > limit;
  const authors = new Map(found.authors.map((author) => [author.id, author as ShortUser]));
  return {
    next: has_more ? (messages.at(-1)?.id ?? null) : null,
    has_more,
    count: messages.length,
    authors: [...new Set(messages.map(({ author_id }) => author_id))].flatMap((id) => authors.get(id) ?? []),
    messages,
  };
}

/** Who asks about a message. */
interface Asker {
  readonly userId: number;
  /** The chats that their token is narrowed to; undefined: to none in particular. */
  readonly within: ReadonlySet<number> | undefined;
}

/**
 * An edit that changes nothing is no change, and has no event.
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST when there is no such message in a chat that they
 *   reach; NOT_THE_OWNER when another user wrote it; NOT_ACCEPTING_MESSAGES where they may not send one either.
 */
export async function changeMessage(
  context: Context,
  asker: Asker,
  messageId: number,
  contents: string,
): Promise<SentMessage> {
  const { userId } = asker;
  const { chat_id: chatId } = await requireOwned(context, asker, messageId);
  let edited: Awaited<ReturnType<typeof editMessage>>;
  return commitChange(
    context,
    messageUpdated,
    { chatId, actorId: userId },
    {
      write: async (tx, pts) => {
        if (!(await mayWrite(tx, userId, chatId))) throw notAcceptingMessages();
        edited = await editMessage(tx, context.model, messageId, pts, contents);
        if (!edited) throw messageDoesNotExist();
        return edited.changed ? edited.message : undefined;
      },
      answer: () => Promise.resolve({ ...(edited?.message as Message), pts: edited?.pts ?? 0 }),
    },
  );
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, NOT_THE_OWNER: see changeMessage. It is no message: nobody refuses it. */
export async function deleteMessage(context: Context, asker: Asker, messageId: number): Promise<void> {
  const { userId } = asker;
  const message = await requireOwned(context, asker, messageId);
  await commitChange(
    context,
    messageDeleted,
    { chatId: message.chat_id, actorId: userId },
    {
      write: async (tx) => {
        const tombstone = await removeMessage(tx, message);
        if (!tombstone) throw messageDoesNotExist();
        return tombstone;
      },
      answer: () => Promise.resolve(),
    },
  );
}

/** Before the chat is locked: neither the chat of a message nor its author ever changes. */
async function requireOwned({ db }: Context, { userId, within }: Asker, messageId: number): Promise<OwnedMessage> {
  const message = await db.inTurn(userId, () => findMessageFor(db, userId, messageId));
  if (!message || within?.has(message.chat_id) === false) {
    const exists = (await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId);
    throw exists ? messageDoesNotExist() : notAuthorized();
  }
  if (message.author_id !== userId) throw notTheOwner();
  return message;
}
