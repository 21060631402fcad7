import type { ChatHandle, ShownChat, ShownMessage } from 'messenger-client';
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { language, useTexts } from '../texts/index.js';
import { isSameDay } from '../texts/times.js';
import { IconButton } from '../ui/icon-button.js';
import { Announcer } from './announcer.js';
import { closedReason } from './closed.js';
import { hasDisappeared, useDisappearing } from './disappear.js';
import { firstUnreadOf } from './first-unread.js';
import type { ListedMessages } from './listed-messages.js';
import { lineOf } from './mentions.js';
import { MessageRow } from './message-row.js';
import { Pins } from './pins.js';
import { quotedIn } from './quote.js';
import { useScrollPlace } from './scroll-place.js';

const JOINED_MS = 5 * 60_000;
/** How far one goes back for a message that is answered. */
const PAGE = 500;
const MOST_PAGES = 10;

interface Props {
  readonly info: ShownChat;
  readonly list: ListedMessages;
  readonly loadOlder: (count?: number) => Promise<void>;
  readonly label: string;
  /** After which message the line of what is new stands. */
  readonly mark: number | undefined;
  readonly unreadCount: number;
  /** How often one has sent something here: then one wants to see it. */
  readonly sends: number;
  readonly onSeen: (messageId: number) => void;
  readonly onEdit: (message: ShownMessage) => void;
  readonly onAnswer: (message: ShownMessage) => void;
  /** Of a chat: opens the thread of a message. */
  readonly onThread?: (message: ShownMessage) => void;
  /** How much is unread in the thread of a message. */
  readonly unreadInThread?: (message: ShownMessage) => number;
  /** What stands above the first message, or in place of all. */
  readonly children?: ComponentChildren;
}

/** Whether a message goes on with what its author has said right before. */
function isJoined(message: ShownMessage, before: ShownMessage | undefined): boolean {
  return (
    before?.author_id === message.author_id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < JOINED_MS &&
    isSameDay(message.created_at, before.created_at)
  );
}

/** Messages as one reads them, of a chat or of a thread. */
export function MessageLog(props: Props) {
  const { info, list, loadOlder, label, mark, unreadCount, sends, onSeen, onEdit, onAnswer, onThread } = props;
  const { client, userId } = useAccount();
  const chat: ChatHandle = useChatHandle(info.id);
  const me = Number(userId);
  const texts = useTexts();
  const people = useView(client.people);
  const scroller = useRef<HTMLDivElement>(null);
  const latest = useRef(list);
  latest.current = list;

  const onPlace = useCallback(
    (lastPlace: number) => {
      if (document.hidden || !document.hasFocus()) return;
      for (let place = lastPlace; place >= 0; place--) {
        const id = latest.current.at(place)?.id;
        if (id === null || id === undefined) continue;
        onSeen(id);
        return;
      }
    },
    [onSeen],
  );

  const unreadPlace = firstUnreadOf(list, mark, me);
  const place = useScrollPlace(scroller, list, loadOlder, () => unreadPlace, onPlace);
  useEffect(() => {
    if (sends > 0) place.toEnd();
  }, [sends]);

  const nameOf = useCallback((id: number) => people.get(id)?.name ?? texts.somebody, [people, texts]);
  const textOf = (contents: string) => lineOf(contents, people, texts);
  const { toPlace } = place;
  const open = useCallback(
    async (id: number) => {
      const placeOf = () => latest.current.indexOf(id);
      for (let pages = 0; placeOf() < 0 && latest.current.hasOlder && pages < MOST_PAGES; pages++) {
        await loadOlder(PAGE);
      }
      if (placeOf() >= 0) toPlace(placeOf());
    },
    [loadOlder, toPlace],
  );
  // Without a network what is not here can't be shown.
  const onOpen = useCallback((id: number) => void open(id).catch(() => undefined), [open]);

  const readUpTo = Math.max(
    0,
    ...Object.entries(info.read_marks).flatMap(([id, mark]) => (Number(id) === me ? [] : mark)),
  );
  const isGroup = info.type === 'group';
  const mayWrite = closedReason(info, texts) === undefined;
  const mayDeleteAny = info.own_rights.includes('delete_any');

  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const target = event.target as HTMLElement;
    const rows = [...(scroller.current?.querySelectorAll<HTMLElement>('[data-key]') ?? [])];
    const at = rows.indexOf(target);
    if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      target.querySelector<HTMLElement>('.menu > button')?.click();
    } else if (step !== undefined && (at >= 0 || target === scroller.current)) {
      event.preventDefault();
      const next = at >= 0 ? rows[at + step] : rows.at(-1);
      next?.focus();
      next?.scrollIntoView({ block: 'nearest' });
    }
  };

  const rows = [];
  useDisappearing(list.slice(place.start, place.end));
  for (let index = place.start; index < place.end; index++) {
    const message = list.at(index);
    if (!message || hasDisappeared(message)) continue;
    const before = list.at(index - 1);
    const isFirstUnread = index === unreadPlace;
    const author = people.get(message.author_id);
    const quoted = quotedIn(list, message);
    const isNewDay = index === 0 || !before || !isSameDay(message.created_at, before.created_at);
    rows.push(
      <MessageRow
        key={message.key}
        chat={chat}
        message={message}
        authorName={author?.name ?? texts.somebody}
        authorPicture={author?.avatar_url}
        isOwn={message.author_id === me}
        me={me}
        isGroup={isGroup}
        mayWrite={mayWrite}
        mayDelete={mayDeleteAny || message.author_id === me}
        isNewDay={isNewDay}
        isFirstUnread={isFirstUnread}
        isFirstOfAuthor={isFirstUnread || isNewDay || !isJoined(message, before)}
        isRead={message.id !== null && message.thread_id === undefined && message.id <= readUpTo}
        language={language()}
        quoted={quoted}
        quotedName={people.get(quoted?.author_id ?? 0)?.name ?? texts.somebody}
        nameOf={nameOf}
        onOpen={onOpen}
        onAnswer={onAnswer}
        onEdit={onEdit}
        onThread={message.id === null || message.thread_id !== undefined ? undefined : onThread}
        unreadInThread={message.thread ? props.unreadInThread?.(message) : undefined}
      />,
    );
  }

  return (
    <>
      {onThread && <Pins key={info.id} info={info} textOf={textOf} nameOf={nameOf} onOpen={onOpen} />}
      <div class="messages">
        <div
          class="messages-scroller"
          ref={scroller}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={label}
          aria-busy={list.isLoading}
          onKeyDown={move}
        >
          <div class="messages-room">
            {!list.hasOlder && !list.isLoading && place.start === 0 && props.children}
            <ol
              class={isGroup ? 'rows rows-group' : 'rows'}
              ref={(element) => {
                if (!element) return;
                element.style.paddingBlockStart = `${place.above}px`;
                element.style.paddingBlockEnd = `${place.below}px`;
              }}
            >
              {rows}
            </ol>
          </div>
        </div>
        {!place.isAtEnd && list.length > 0 && (
          <div class="jump">
            {unreadCount > 0 && (
              <span class="badge" aria-hidden="true">
                {unreadCount}
              </span>
            )}
            <IconButton
              icon="down"
              label={unreadCount > 0 ? `${texts.jumpToNewest} (${texts.unread(unreadCount)})` : texts.jumpToNewest}
              onClick={place.toEnd}
            />
          </div>
        )}
        <Announcer list={list} me={me} nameOf={nameOf} textOf={textOf} />
      </div>
    </>
  );
}
