import {
  chatDoesNotExist,
  commitChange,
  findRefusal,
  requireRight,
  type Context,
  type Standing,
} from '../../changes/index.js';
import type {
  MessagePage as FoundPage,
  MessageRow,
  OwnedMessage,
  ReadModel,
  Transaction,
} from '../../database/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { notAuthorized, slowMode, validationError } from '../../shared/errors.js';
import type {
  Deletion,
  MessageEdit,
  MessageFilter,
  MessageInputField,
  MessageRules,
  Registry,
  Send,
} from '../feature.js';
import { fittingContents } from './fitting-contents.js';
import { changedMeanwhile, findUserIds, type ShortUser } from '../users/index.js';
import { messageCreated, messageDeleted, messageUpdated } from './message.changes.js';
import {
  chatFrozen,
  clientIdTaken,
  editWindowOver,
  messageDoesNotExist,
  notAcceptingMessages,
  notTheOwner,
  sentMessageDeleted,
} from './messages.errors.js';
import { INPUT_ERRORS, takeInputs } from './inputs.js';
import {
  editMessage,
  findWriting,
  readAge,
  readMessage,
  readMessageFor,
  removeMessage,
  wasSent,
  type PresentMessage,
} from './messages.queries.js';
import type {
  ChangeMessage,
  ChatPageQuery,
  FoundMessage,
  Message,
  MessagePage,
  SendMessage,
  SentMessage,
} from './messages.schemas.js';

type SendContext = Context & {
  readonly registry: Pick<Registry, 'afterSend' | 'messageInputs'>;
  readonly filter: MessageFilter;
};
type EditContext = Context & {
  readonly registry: Pick<Registry, 'afterEdit' | 'messageInputs'>;
  readonly filter: MessageFilter;
  readonly config: { readonly messages: MessageRules };
};
type DeleteContext = Context & { readonly registry: Pick<Registry, 'afterDelete'> };

/**
 * Sends the message once, also when the request is repeated under the same client_id.
 * @param byHost set when the host application sends it in the name of the user.
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat;
 *   CLIENT_ID_TAKEN when another message was sent under this client_id; MESSAGE_DELETED when the message is gone again;
 *   NOT_ACCEPTING_MESSAGES in a private chat whose two may not write to each other; RIGHT_MISSING, RESTRICTED, CHAT_FROZEN or SLOW_MODE in a group
 *   that does not let them write, or not now; THREAD_DOES_NOT_EXIST or THREAD_IN_THREAD for a `thread_id` of nothing that has a thread;
 *   VALIDATION_ERROR for a poll that is closed from the start; FILTERED for what the filters refuse.
 */
export async function sendMessage(
  context: SendContext,
  userId: number,
  chatId: number,
  { contents, client_id, draft_revision: draftRevision, ...given }: SendMessage,
  byHost?: { readonly keyId: number; readonly silent?: boolean | undefined },
): Promise<SentMessage> {
  const { statements, live, registry, filter } = context;
  const report = filter.isOff
    ? undefined
    : await filter.judge(context, {
        ...{
          userId,
          chatId,
          contents: textOf(registry, contents, given),
          clientId: client_id,
          mentions: mentionsIn(given),
        },
        ...{
          isByKey: byHost !== undefined,
          isEdit: false,
          wasWritten: () => isSentAlready(context, userId, chatId, client_id),
        },
      });
  const isPlain = !byHost && Object.keys(given).length === 0;
  const sent = await statements.message.send({
    ...{ authorId: userId, chatId, contents, clientId: client_id },
    ...(!isPlain && {
      inputs: {
        ...takeInputs(registry, given),
        via_key_id: byHost?.keyId ?? null,
        silent: byHost?.silent === true ? true : null,
      },
    }),
  });
  const sendOf = ({ message, wasMarkedUnread }: { message: MessageRow; wasMarkedUnread: boolean }): Send => {
    return { userId, chatId, draftRevision, wasMarkedUnread, threadId: message.thread_id };
  };
  switch (sent.outcome) {
    case 'sent': {
      const { message: data, pts } = sent;
      const onlyFor = sent.hiddenFrom === 'others' && { onlyForId: userId };
      live.publish(
        sent.hiddenFrom === 'some'
          ? chatAdvanced(chatId, pts)
          : { type: messageCreated.type, chatId, pts, data, ...onlyFor },
      );
      await report?.(data.id);
      await doAfterwards(registry.afterSend, context, sendOf(sent));
      return { pts, ...(data as Message) };
    }
    case 'repeated':
      await report?.(sent.message.id);
      await doAfterwards(registry.afterSend, context, sendOf(sent));
      return { pts: sent.pts, deduplicated: true, ...(sent.message as Message) };
    case 'taken':
      throw clientIdTaken();
    case 'deleted':
      throw sentMessageDeleted();
    case 'not accepting':
      throw notAcceptingMessages();
    case 'right missing':
      throw await context.db.inTurn(userId, () => findRefusal(context.db, chatId, userId));
    case 'frozen':
      throw chatFrozen();
    case 'no thread':
    case 'thread in a thread':
    case 'poll over':
      throw INPUT_ERRORS[sent.outcome]();
    case 'too soon':
      throw slowMode({ retryAfterMs: sent.waitMs, retryAfterSeconds: Math.ceil(sent.waitMs / 1000) });
    case 'not a participant': {
      const isSent = await isSentAlready(context, userId, chatId, client_id);
      throw chatDoesNotExist(isSent ? { sent: true } : {});
    }
    case 'no such user':
      throw notAuthorized();
  }
}

async function isSentAlready(
  { db }: Context,
  userId: number,
  chatId: number,
  clientId: string | undefined,
): Promise<boolean> {
  return clientId !== undefined && (await db.inTurn(userId, () => wasSent(db, userId, clientId, chatId)));
}

/** An input of another feature, at which filters look as it is given. */
function mentionsIn(given: Readonly<Record<string, unknown>>): unknown {
  return given.mentions;
}

/** All that people read of a new message. */
function textOf(
  { messageInputs }: Pick<Registry, 'messageInputs'>,
  contents: string,
  given: Readonly<Record<string, unknown>>,
): string {
  const texts = messageInputs.flatMap(({ name, textsOf }) =>
    given[name] === undefined ? [] : (textsOf?.(given[name]) ?? []),
  );
  return [contents, ...texts].join('\n');
}

/** The message is sent, or deleted: whatever fails now must not make the user believe otherwise. */
async function doAfterwards<Done extends Deletion>(
  rest: readonly ((context: Context, done: Done) => Promise<void> | undefined)[],
  context: Context,
  done: Done,
): Promise<void> {
  for (const doMore of rest) {
    try {
      const more = doMore(context, done);
      if (more) await more;
    } catch (error) {
      context.log.warn({ err: error, chat_id: done.chatId }, 'could not do what belongs to a send, or to a deletion');
    }
  }
}

/**
 * @throws NOT_AUTHORIZED when the user is gone; CHAT_DOES_NOT_EXIST when they take no part in such a chat; VALIDATION_ERROR for a page
 *   `around` a message that says where to begin otherwise.
 */
export async function getMessages(
  context: Context,
  userId: number,
  chatId: number,
  { around, ...page }: ChatPageQuery,
): Promise<MessagePage> {
  if (around === undefined) return readPage(context, userId, chatId, page);
  const { cursor, order, limit } = page;
  if (cursor !== undefined || order === 'desc' || limit < 2) {
    throw validationError({
      errors: { around: 'is for a page in ascending order, without cursor, of 2 messages or more' },
    });
  }
  const half = Math.floor(limit / 2);
  const [before, after] = await Promise.all([
    readPage(context, userId, chatId, { ...page, cursor: around, limit: half, order: 'desc' }),
    readPage(context, userId, chatId, { ...page, cursor: around - 1, limit: limit - half }),
  ]);
  const messages = [...before.messages.reverse(), ...after.messages];
  const authors = authorsOf(messages, [...before.authors, ...after.authors]);
  return { ...after, count: messages.length, authors, messages, previous: before.next };
}

async function readPage(
  { statements }: Context,
  userId: number,
  chatId: number,
  page: Omit<ChatPageQuery, 'around'>,
): Promise<MessagePage> {
  // One more than the page has: it tells whether there is another page.
  const found = await statements.message.page(userId, chatId, { cursor: undefined, ...page, limit: page.limit + 1 });
  if (found === undefined) throw notAuthorized();
  if (found === null) throw chatDoesNotExist();
  return toPage(found, page.limit);
}

/** @param found one message more than the page has, when there is another page, unless it says how far was looked. */
export function toPage(found: FoundPage, limit: number): MessagePage {
  const fitting = fittingContents(found.messages, limit);
  const messages = found.messages.slice(0, fitting) as unknown as Message[];
  const isFull = found.messages.length > fitting;
  const next = isFull ? (messages.at(-1)?.id ?? null) : found.seenTo;
  const has_more = next !== null;
  return {
    next,
    has_more,
    count: messages.length,
    authors: authorsOf(messages, found.authors as ShortUser[]),
    messages,
  };
}

/** Each once, in the order in which they first appear. */
function authorsOf(messages: readonly Message[], people: readonly ShortUser[]): ShortUser[] {
  const byId = new Map(people.map((person) => [person.id, person]));
  return [...new Set(messages.map(({ author_id }) => author_id))].flatMap((id) => byId.get(id) ?? []);
}

/** Who asks about a message. */
export interface Asker {
  readonly userId: number;
  /** The chats that their token is narrowed to; undefined: to none in particular. */
  readonly within: ReadonlySet<number> | undefined;
  /** Whether an API key asks in their name; undefined: no. */
  readonly isByKey?: boolean;
}

/** @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST when there is no such message in a chat that they reach. */
export async function getMessage(context: Context, asker: Asker, messageId: number): Promise<FoundMessage> {
  const { db, model } = context;
  const found = await db.inTurn(asker.userId, () => readMessageFor(db, model, asker.userId, messageId));
  if (!found || asker.within?.has(found.chat_id) === false) throw await notThere(context, asker.userId);
  const { message, ...where } = found;
  return { ...(message as Message), ...where } as FoundMessage;
}

/**
 * What is not given stays. An edit that changes nothing is no change, and has no event. One that is repeated under the client_id of the last edit is answered as that
 * one was.
 * @throws NOT_AUTHORIZED when the user is gone; MESSAGE_DOES_NOT_EXIST when there is no such message in a chat that they
 *   reach; NOT_THE_OWNER when another user wrote it; NOT_ACCEPTING_MESSAGES where they may not send one either; EDIT_WINDOW_OVER when it is too
 *   old for edits; CHANGED_MEANWHILE, with the message, when it has another version than `if_version`; FILTERED for what the filters refuse.
 */
export async function changeMessage(
  context: EditContext,
  asker: Asker,
  messageId: number,
  { contents, client_id: clientId, if_version: version, ...given }: ChangeMessage,
): Promise<SentMessage> {
  const { userId, isByKey = false } = asker;
  const { db, filter } = context;
  const message = await requireSeen(context, asker, messageId);
  const { chat_id: chatId, author_id: authorId } = message;
  if (authorId !== userId) throw notTheOwner();
  const report = filter.isOff
    ? undefined
    : await filter.judge(context, {
        ...{ userId, chatId, contents, clientId, mentions: mentionsIn(given), isByKey, isEdit: true },
        wasWritten: async () => {
          if (clientId === undefined) return false;
          const present = await db.inTurn(userId, () => readPresent(db, context.model, messageId, userId));
          return present.edit_client_id === clientId;
        },
      });
  let isRepeated = false;
  const changed = await commitChange(
    context,
    messageUpdated,
    { chatId, actorId: userId },
    {
      write: async (tx, pts) => {
        const present = await readPresent(tx, context.model, messageId, userId);
        isRepeated = clientId !== undefined && present.edit_client_id === clientId;
        if (isRepeated) return undefined;
        await requireMayEdit(tx, userId, message, context.config.messages);
        requireVersion(present, version);
        const inputs = editedInputs(context.registry, given, present.message);
        const kept = context.registry.messageInputs.filter(({ name, editSchema }) => editSchema && !(name in given));
        const { is_in_shadow, has_own_edit, is_shadowed } = present;
        const isInShadow = is_in_shadow && !is_shadowed;
        const shadow = is_in_shadow || is_shadowed ? 'in' : has_own_edit ? 'left' : undefined;
        const edit = { pts, contents, clientId, inputs, kept, isInShadow };
        const after = await editMessage(tx, context.model, message, edit);
        // What an edit in the shadow has given, others get with this one.
        const shown = shadow === 'left' ? [...inputs, ...kept] : inputs;
        if (after) await finishEdit(context, tx, shown, { chatId, authorId, before: present.message, after, shadow });
        return after;
      },
      answer: async (tx) => {
        const { message: present, pts } = await readPresent(tx, context.model, messageId, userId);
        return { ...(present as Message), pts, ...(isRepeated && { deduplicated: true }) };
      },
    },
  );
  await report?.(messageId);
  return changed;
}

/** An input that an edit gives. */
type EditedInput = MessageInputField & { readonly value: unknown };

function editedInputs(
  { messageInputs }: Pick<Registry, 'messageInputs'>,
  given: Readonly<Record<string, unknown>>,
  before: MessageRow,
): EditedInput[] {
  return messageInputs
    .filter(({ name }) => name in given)
    .map((input) => {
      const value = given[input.name];
      return { ...input, value: input.take ? input.take(value, before[input.name as keyof MessageRow]) : value };
    });
}

async function finishEdit(
  { registry, config }: EditContext,
  tx: Transaction,
  inputs: readonly MessageInputField[],
  edit: MessageEdit,
): Promise<void> {
  for (const { afterEdit } of inputs) await afterEdit?.(tx, edit);
  for (const doMore of registry.afterEdit) await doMore(tx, edit, config.messages);
}

/** @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST, NOT_THE_OWNER, CHANGED_MEANWHILE: see changeMessage. It is no message: nobody refuses it. */
export async function deleteMessage(
  context: DeleteContext,
  asker: Asker,
  messageId: number,
  version: number | undefined,
): Promise<void> {
  const { userId } = asker;
  const message = await requireSeen(context, asker, messageId);
  await commitChange(
    context,
    messageDeleted,
    { chatId: message.chat_id, actorId: userId },
    {
      write: async (tx) => {
        // Everybody takes back what is their own.
        if (message.author_id !== userId) await requireRight(tx, message.chat_id, userId, 'delete_any', notTheOwner);
        if (version !== undefined) requireVersion(await readPresent(tx, context.model, messageId, userId), version);
        const tombstone = await removeMessage(tx, message);
        if (!tombstone) throw messageDoesNotExist();
        return tombstone;
      },
      answer: () => Promise.resolve(),
    },
  );
  const { chat_id: chatId, thread_id: threadId } = message;
  await doAfterwards(context.registry.afterDelete, context, { userId, chatId, threadId: threadId ?? undefined });
}

/** @throws NOT_ACCEPTING_MESSAGES, RIGHT_MISSING, RESTRICTED, CHAT_FROZEN. */
export async function requireMayWrite(tx: Transaction, userId: number, chatId: number): Promise<Standing> {
  const standing = await requireRight(tx, chatId, userId, 'send');
  const { may_write, is_frozen } = await findWriting(tx, userId, chatId);
  if (!may_write) throw notAcceptingMessages();
  if (is_frozen && !standing.rights.includes('slow_exempt')) throw chatFrozen();
  return standing;
}

/** @throws what requireMayWrite does, and EDIT_WINDOW_OVER. */
async function requireMayEdit(
  tx: Transaction,
  userId: number,
  { id, chat_id: chatId }: OwnedMessage,
  { editWindowSeconds }: MessageRules,
): Promise<void> {
  const { isGroup } = await requireMayWrite(tx, userId, chatId);
  const window = editWindowSeconds[isGroup ? 'group' : 'private'];
  if (window > 0 && (await readAge(tx, id)) > window) throw editWindowOver();
}

/** @param readerId who sees it; nobody in particular. @throws MESSAGE_DOES_NOT_EXIST when there is none, or it was removed first. */
export async function readPresent(
  db: Transaction,
  model: ReadModel,
  messageId: number,
  readerId?: number,
): Promise<PresentMessage> {
  const present = await readMessage(db, model, messageId, readerId);
  if (!present) throw messageDoesNotExist();
  return present;
}

/** @throws CHANGED_MEANWHILE with the message as it is. */
function requireVersion({ message, pts }: PresentMessage, version: number | undefined): void {
  if (version !== undefined && version !== pts) throw changedMeanwhile({ current: message });
}

/** @returns the chat of a message that they may see. @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST: see getMessage. */
export async function findChatOf(context: Context, asker: Asker, messageId: number): Promise<number> {
  return (await requireSeen(context, asker, messageId)).chat_id;
}

/**
 * Before the chat is locked: neither the chat of a message nor its author or thread ever changes.
 * @throws NOT_AUTHORIZED, MESSAGE_DOES_NOT_EXIST: see getMessage.
 */
export async function requireSeen(
  context: Context,
  { userId, within }: Asker,
  messageId: number,
): Promise<OwnedMessage> {
  const message = await context.statements.message.find(userId, messageId);
  if (!message || within?.has(message.chat_id) === false) throw await notThere(context, userId);
  return message;
}

/** Why the user can't have the message: it is not there, or they are gone. */
async function notThere({ db }: Context, userId: number): Promise<Error> {
  const exists = (await db.inTurn(userId, () => findUserIds(db, [userId]))).has(userId);
  return exists ? messageDoesNotExist() : notAuthorized();
}
