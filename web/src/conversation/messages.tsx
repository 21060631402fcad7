import type { ShownChat, ShownMessage } from 'messenger-client';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { language, useTexts } from '../texts/index.js';
import { isSameDay } from '../texts/times.js';
import { Empty } from '../ui/empty.js';
import { IconButton } from '../ui/icon-button.js';
import { Announcer } from './announcer.js';
import { hasDisappeared, useDisappearing } from './disappear.js';
import { firstUnreadOf } from './first-unread.js';
import { plainTextOf } from './formatting.js';
import { mentionName } from './mentions.js';
import { MessageRow } from './message-row.js';
import { Pins } from './pins.js';
import { quotedIn } from './quote.js';
import { useReading } from './use-reading.js';
import { useScrollPlace } from './scroll-place.js';

const JOINED_MS = 5 * 60_000;
const FEWEST = 50;
const MOST = 300;
/** How far one goes back for a message that is answered. */
const PAGE = 500;
const MOST_PAGES = 10;
/** Read messages above the first unread one. */
const BEFORE_UNREAD = 30;

interface Props {
  readonly info: ShownChat;
  /** How often one has sent something here: then one wants to see it. */
  readonly sends: number;
  readonly onEdit: (message: ShownMessage) => void;
  readonly onAnswer: (message: ShownMessage) => void;
}

/** Whether a message goes on with what its author has said right before. */
function isJoined(message: ShownMessage, before: ShownMessage | undefined): boolean {
  return (
    before?.author_id === message.author_id &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < JOINED_MS &&
    isSameDay(message.created_at, before.created_at)
  );
}

/** The messages of a chat. */
export function Messages({ info, sends, onEdit, onAnswer }: Props) {
  const { client, userId } = useAccount();
  const chat = useChatHandle(info.id);
  const me = Number(userId);
  const texts = useTexts();
  const [limit] = useState(() => Math.min(MOST, Math.max(FEWEST, info.unread_count + BEFORE_UNREAD)));
  const window = useMemo(() => chat.messages({ limit }), [chat, limit]);
  const list = useView(window);
  const people = useView(client.people);
  const scroller = useRef<HTMLDivElement>(null);

  /** What was read when one came, or came back: the line of what is new stays there. */
  const [mark, setMark] = useState(() => (info.unread_count > 0 ? (info.last_read_message_id ?? 0) : undefined));
  const latest = useRef({ info, list });
  latest.current = { info, list };
  useEffect(() => {
    const leave = () => {
      if (document.hidden || !document.hasFocus()) setMark(latest.current.info.last_read_message_id ?? 0);
    };
    document.addEventListener('visibilitychange', leave);
    addEventListener('blur', leave);
    return () => {
      document.removeEventListener('visibilitychange', leave);
      removeEventListener('blur', leave);
    };
  }, []);

  const read = useReading(chat);
  const onSeen = useCallback(
    (lastPlace: number) => {
      if (document.hidden || !document.hasFocus()) return;
      const { info, list } = latest.current;
      if (info.unread_count === 0 && !info.marked_unread) return;
      for (let place = lastPlace; place >= 0; place--) {
        const id = list.at(place)?.id;
        if (id === null || id === undefined) continue;
        if (info.marked_unread || id > (info.last_read_message_id ?? 0)) read(id);
        return;
      }
    },
    [read],
  );

  const unreadPlace = firstUnreadOf(list, mark, me);
  const place = useScrollPlace(scroller, list, window.loadOlder, () => unreadPlace, onSeen);
  useEffect(() => {
    if (sends === 0) return;
    setMark(undefined);
    place.toEnd();
  }, [sends]);

  const nameOf = useCallback((id: number) => people.get(id)?.name ?? texts.somebody, [people, texts]);
  const textOf = (contents: string) => plainTextOf(contents, (whom) => mentionName(whom, nameOf, texts));
  const { toPlace } = place;
  const open = useCallback(
    async (id: number) => {
      const placeOf = () => latest.current.list.indexOf(id);
      for (let pages = 0; placeOf() < 0 && latest.current.list.hasOlder && pages < MOST_PAGES; pages++) {
        await window.loadOlder(PAGE);
      }
      if (placeOf() >= 0) toPlace(placeOf());
    },
    [window, toPlace],
  );
  // Without a network what is not here can't be shown.
  const onOpen = useCallback((id: number) => void open(id).catch(() => undefined), [open]);

  const readUpTo = Math.max(
    0,
    ...Object.entries(info.read_marks).flatMap(([id, mark]) => (Number(id) === me ? [] : mark)),
  );
  const isGroup = info.type === 'group';

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
        isNewDay={isNewDay}
        isFirstUnread={isFirstUnread}
        isFirstOfAuthor={isFirstUnread || isNewDay || !isJoined(message, before)}
        isRead={message.id !== null && message.id <= readUpTo}
        language={language()}
        quoted={quoted}
        quotedName={people.get(quoted?.author_id ?? 0)?.name ?? texts.somebody}
        nameOf={nameOf}
        onOpen={onOpen}
        onAnswer={onAnswer}
        onEdit={onEdit}
      />,
    );
  }

  const isEmpty = list.length === 0 && !list.hasOlder && !list.isLoading;
  return (
    <>
      <Pins key={info.id} info={info} textOf={textOf} nameOf={nameOf} onOpen={onOpen} />
      <div class="messages">
        <div
          class="messages-scroller"
          ref={scroller}
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={texts.messages}
          aria-busy={list.isLoading}
          onKeyDown={move}
        >
          <div class="messages-room">
            {isEmpty && <Empty title={texts.noMessagesTitle} text={texts.noMessagesText} />}
            {!isEmpty && !list.hasOlder && place.start === 0 && <p class="beginning">{texts.beginning}</p>}
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
            {info.unread_count > 0 && (
              <span class="badge" aria-hidden="true">
                {info.unread_count}
              </span>
            )}
            <IconButton
              icon="down"
              label={
                info.unread_count > 0
                  ? `${texts.jumpToNewest} (${texts.unread(info.unread_count)})`
                  : texts.jumpToNewest
              }
              onClick={place.toEnd}
            />
          </div>
        )}
        <Announcer list={list} me={me} nameOf={nameOf} textOf={textOf} />
      </div>
    </>
  );
}
