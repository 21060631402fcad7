import { chatDoesNotExist, commitOwnChange, type Context } from '../../changes/index.js';
import { getChat } from '../chats/index.js';
import type { Send } from '../feature.js';
import { draftChanged } from './draft.changes.js';
import { draftChangedMeanwhile } from './drafts.errors.js';
import { lockDraft, writeDraft, type StoredDraft } from './drafts.queries.js';
import type { Draft } from './drafts.schemas.js';

interface Wanted {
  /** null: the draft goes. */
  readonly contents: string | null;
  readonly replyToId?: number | null | undefined;
  /** Only of this revision; undefined: of any. */
  readonly revision?: number | undefined;
}

/**
 * Who writes last wins, unless a revision is given. What is so already changes nothing.
 * @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST; DRAFT_CHANGED when the draft has another revision.
 */
export async function setDraft(context: Context, userId: number, chatId: number, wanted: Wanted): Promise<Draft> {
  const { draft, isOther } = await changeDraft(context, userId, chatId, wanted);
  if (isOther) throw draftChangedMeanwhile();
  if (!draft) {
    // Nothing was kept. Says whether the user is gone, or only not in the chat.
    await getChat(context, userId, chatId, { participants: 0 });
    throw chatDoesNotExist();
  }
  return { chat_id: chatId, ...draft };
}

/** @returns the draft as it is then; undefined: the user is not in the chat. And whether it has another revision than is wanted. */
async function changeDraft(
  context: Context,
  userId: number,
  chatId: number,
  { contents, replyToId = null, revision }: Wanted,
): Promise<{ draft: StoredDraft | undefined; isOther: boolean }> {
  let draft: StoredDraft | undefined;
  let isOther = false;
  await commitOwnChange(context, draftChanged, userId, {
    write: async (tx, next) => {
      draft = await lockDraft(tx, userId, chatId);
      if (!draft || (draft.draft === contents && draft.draft_reply_to_id === replyToId)) return undefined;
      isOther = revision !== undefined && revision !== draft.draft_revision;
      if (isOther) return undefined;
      draft = { draft: contents, draft_reply_to_id: replyToId, draft_revision: await next() };
      await writeDraft(tx, userId, chatId, draft);
      return chatId;
    },
    answer: () => Promise.resolve(),
  });
  return { draft, isOther };
}

/** The draft of which a message was made goes, unless it has been written on since. */
export function removeAfterSend(context: Context, { userId, chatId, draftRevision }: Send): Promise<void> | undefined {
  if (draftRevision === undefined) return undefined;
  return changeDraft(context, userId, chatId, { contents: null, revision: draftRevision }).then(() => undefined);
}
