import type { ChatHandle, MessengerClient, ShownMessage } from 'messenger-client';
import { useState } from 'preact/hooks';
import { problemOf } from '../account/problem.js';
import { useTexts, type Texts } from '../texts/index.js';
import { clockTime, dayOf, fullTime } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';
import { colourOf } from '../ui/colour.js';
import { Icon } from '../ui/icon.js';
import { lazy } from '../ui/lazy.js';
import { memo } from '../ui/memo.js';
import { Menu, type MenuItem } from '../ui/menu.js';
import { useClient } from '../app/account-context.js';
import { ThreadLine } from '../threads/thread-line.js';
import { Problem } from '../ui/problem.js';
import { EditedMark } from './edited-mark.js';
import { plainTextOf } from './formatting.js';
import { mentionName } from './mentions.js';
import { MessageText } from './message-text.js';
import { pinItems } from './pin-items.js';
import { Poll, pollItems, pollOf } from './poll.js';
import { Quote } from './quote.js';
import { Reactions, reactionItems } from './reactions.js';
import { remindItems } from './remind.js';
import type { RowDialogName } from '../dialogs/row-dialog.js';
import { MessengerError } from 'messenger-client';

const RowDialog = lazy(() => import('../dialogs/row-dialog.js').then(({ RowDialog }) => RowDialog));

export interface RowProps {
  readonly chat: ChatHandle;
  readonly message: ShownMessage;
  readonly authorName: string;
  readonly authorPicture: string | null | undefined;
  readonly isOwn: boolean;
  readonly me: number;
  readonly isGroup: boolean;
  readonly mayWrite: boolean;
  readonly mayDelete: boolean;
  /** Whether it begins a day, what is unread, or what one author says in a row. */
  readonly isNewDay: boolean;
  readonly isFirstUnread: boolean;
  readonly isFirstOfAuthor: boolean;
  readonly isRead: boolean;
  readonly language: string;
  /** What it answers, and who wrote that. */
  readonly quoted: ShownMessage['reply_to'];
  readonly quotedName: string;
  readonly nameOf: (userId: number) => string;
  readonly onOpen: (id: number) => void;
  readonly onAnswer: (message: ShownMessage) => void;
  readonly onEdit: (message: ShownMessage) => void;
  /** Opens its thread; undefined: it has none of its own. */
  readonly onThread: ((message: ShownMessage) => void) | undefined;
  /** How much is unread there; undefined: it has no thread yet, or stands in it. */
  readonly unreadInThread: number | undefined;
}

function stateOf({ message, isRead }: RowProps, texts: Texts) {
  if (message.state === 'pending') return { icon: 'clock', label: texts.stateWaiting } as const;
  if (message.state === 'failed') return { icon: 'alert', label: texts.stateFailed } as const;
  return isRead
    ? ({ icon: 'checks', label: texts.stateRead } as const)
    : ({ icon: 'check', label: texts.stateSent } as const);
}

function actionsOf(
  { chat, message, isOwn, mayWrite, mayDelete, nameOf, onEdit, onAnswer, onThread }: RowProps,
  client: MessengerClient,
  texts: Texts,
  onFailure: (error: unknown) => void,
  open: (dialog: RowDialogName) => void,
): MenuItem[] {
  const { own_rights: rights = [], no_forward: staysHere = false } = chat.info.getSnapshot() ?? {};
  const text = () => plainTextOf(message.contents, (whom) => mentionName(whom, nameOf, texts));
  const items: MenuItem[] = [];
  if (message.id !== null && mayWrite) {
    items.push({ label: texts.answer, onChoose: () => onAnswer(message) });
    if (onThread) items.push({ label: texts.answerInThread, onChoose: () => onThread(message) });
  }
  if (isOwn && mayWrite) items.push({ label: texts.edit, onChoose: () => onEdit(message) });
  items.push({ label: texts.copy, onChoose: () => void navigator.clipboard.writeText(text()) });
  if (message.id !== null && !staysHere) items.push({ label: texts.forward, onChoose: () => open('forward') });
  if (rights.includes('pin')) {
    items.push(...pinItems(client, message, texts, onFailure, () => open('pin')));
  }
  items.push(...pollItems(client, message, texts, mayDelete, onFailure, () => open('voters')));
  if (message.id !== null) items.push(...remindItems(client, message.id, texts, onFailure));
  if (isOwn && message.id !== null) items.push({ label: texts.messageInfo, onChoose: () => open('info') });
  if (!isOwn && message.id !== null)
    items.push({ label: texts.report, onChoose: () => open('report'), isDanger: true });
  if (mayDelete) {
    const remove = () => chat.delete(message.id ?? message.key);
    items.push({ label: texts.remove, onChoose: remove, isDanger: true, question: texts.removeForAll });
  }
  return items;
}

function pinTitle({ until }: NonNullable<ShownMessage['pinned']>, texts: Texts): string {
  return until === undefined ? texts.isPinned : texts.pinnedUntil(fullTime(until));
}

/** Why something was not done, and what one can do about it. */
function Failure({ chat, message }: Pick<RowProps, 'chat' | 'message'>) {
  const texts = useTexts();
  const { waitingKey, error = 'UNKNOWN' } = message;
  const what = { edit: texts.editFailed, delete: texts.removeFailed, send: texts.stateFailed }[
    message.change ?? 'send'
  ];
  return (
    <div class="failure">
      <p>{`${what}: ${problemOf(new MessengerError(error, error))}`}</p>
      {waitingKey !== undefined && (
        <p>
          <button type="button" class="text-button" onClick={() => chat.retry(waitingKey)}>
            {texts.retry}
          </button>{' '}
          <button type="button" class="text-button" onClick={() => chat.discard(waitingKey)}>
            {texts.discard}
          </button>
        </p>
      )}
    </div>
  );
}

/** A message, with what stands above it. */
export const MessageRow = memo(function MessageRow(props: RowProps) {
  const { message, authorName, isOwn, isGroup, isFirstOfAuthor } = props;
  const texts = useTexts();
  const client = useClient();
  const [error, setError] = useState<unknown>();
  const [dialog, setDialog] = useState<RowDialogName>();
  const poll = pollOf(message);
  const state = isOwn ? stateOf(props, texts) : undefined;
  const isRoot = message.thread !== undefined && props.unreadInThread === undefined;
  const isLeaving = message.change === 'delete' && message.state === 'pending';
  return (
    <li
      class={`row${isOwn ? ' row-own' : ''}${isFirstOfAuthor ? ' row-first' : ''}${isRoot ? ' row-root' : ''}`}
      data-key={message.key}
      tabIndex={-1}
    >
      {props.isNewDay && (
        <p class="day">
          <span>{dayOf(message.created_at)}</span>
        </p>
      )}
      {props.isFirstUnread && (
        <p class="unread-line">
          <span>{texts.newMessages}</span>
        </p>
      )}
      <div class={`message${isLeaving ? ' message-leaving' : ''}`}>
        {isGroup && (
          <span class="message-avatar">
            {isFirstOfAuthor && <Avatar id={message.author_id} name={authorName} url={props.authorPicture} />}
          </span>
        )}
        <div class={`bubble bubble-${message.state}`}>
          {isFirstOfAuthor && isGroup && !isOwn ? (
            <p class={`author author-${colourOf(message.author_id)}`}>
              <bdi>{authorName}</bdi>
            </p>
          ) : (
            <span class="hidden">{`${isOwn ? texts.you : authorName}: `}</span>
          )}
          {props.quoted && (
            <Quote quoted={props.quoted} authorName={props.quotedName} nameOf={props.nameOf} onOpen={props.onOpen} />
          )}
          {message.forwarded && (
            <p class="forwarded">
              <bdi>{texts.forwardedFrom(message.forwarded.author_name || texts.somebody)}</bdi>
            </p>
          )}
          <MessageText
            contents={message.contents}
            mentions={message.mentions}
            nameOf={(whom) => mentionName(whom, props.nameOf, texts)}
            isMe={(whom) => whom === 'all' || Number(whom) === props.me}
          />
          {poll && message.id !== null && (
            <Poll
              messageId={message.id}
              poll={poll}
              nameOf={props.nameOf}
              onAdd={props.mayWrite ? () => setDialog('option') : undefined}
              onFailure={setError}
            />
          )}
          <span class="meta">
            {message.pinned && (
              <span role="img" aria-label={texts.isPinned} title={pinTitle(message.pinned, texts)}>
                <Icon name="pin" />
              </span>
            )}
            <EditedMark message={message} isOpen={props.mayDelete} />
            <time dateTime={message.created_at} title={fullTime(message.created_at)}>
              {clockTime(message.created_at)}
            </time>
            {state && (
              <span class={`state state-${state.icon}`} role="img" aria-label={state.label} title={state.label}>
                <Icon name={state.icon} />
              </span>
            )}
          </span>
        </div>
        {message.id !== null && (
          <Menu label={texts.react} icon="smile" items={reactionItems(client, message, setError)} isQuiet isGrid />
        )}
        <Menu label={texts.messageActions} items={actionsOf(props, client, texts, setError, setDialog)} isQuiet />
      </div>
      <Reactions client={client} message={message} nameOf={props.nameOf} onFailure={setError} />
      {message.thread && props.unreadInThread !== undefined && (
        <ThreadLine
          to={`c/${props.chat.id}/t/${message.id}`}
          thread={message.thread}
          unread={props.unreadInThread}
          language={props.language}
        />
      )}
      {dialog !== undefined && message.id !== null && (
        <RowDialog
          name={dialog}
          messageId={message.id}
          poll={poll}
          onFailure={setError}
          onClose={() => setDialog(undefined)}
        />
      )}
      {error !== undefined && <Problem error={error} />}
      {message.state === 'failed' && <Failure chat={props.chat} message={message} />}
    </li>
  );
});
