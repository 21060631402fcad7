import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { language, useTexts } from '../texts/index.js';
import { ThreadsLink } from '../threads/threads-link.js';
import { Empty } from '../ui/empty.js';
import { Icon } from '../ui/icon.js';
import { SearchField } from '../ui/search-field.js';
import { IconButton } from '../ui/icon-button.js';
import { FolderChoice } from './folder-choice.js';
import { inFolder } from './in-folder.js';
import { useCalmOrder } from './calm-order.js';
import { ChatRow } from './chat-row.js';
import { useRows } from './use-rows.js';

const ROW_PX = 68;
/** Of so many chats of two, the newest, it is shown who is there. */
const WATCHED = 100;

interface Props {
  readonly isArchive: boolean;
  readonly openId: number | undefined;
}

/** The list of chats, with what one does there. */
export function ChatsPanel({ isArchive, openId }: Props) {
  const client = useClient();
  const texts = useTexts();
  const lists = useView(client.chats);
  const people = useView(client.people);
  const [filter, setFilter] = useState('');
  const [isOver, setOver] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);

  const [folderId, setFolderId] = useState<string>();
  // One that was removed on another device is all chats again.
  const folder = useView(client.own)?.folders?.folders.find(({ id }) => id === folderId);
  const all = useMemo(() => {
    if (isArchive) return lists.archived;
    return folder ? inFolder(folder, lists.chats, lists.archived) : lists.chats;
  }, [isArchive, folder, lists]);
  const wanted = filter.trim().toLocaleLowerCase();
  const filtered = useMemo(
    () => (wanted === '' ? all : all.filter(({ title }) => title.toLocaleLowerCase().includes(wanted))),
    [all, wanted],
  );
  const chats = useCalmOrder(filtered, isOver && wanted === '');
  const { start, end } = useRows(scroller, chats.length, ROW_PX);

  const peers = lists.chats
    .slice(0, WATCHED)
    .flatMap(({ peer }) => peer?.id ?? [])
    .sort((one, other) => one - other)
    .join();
  const presence = useView(
    useMemo(() => client.presence(peers === '' ? [] : peers.split(',').map(Number)), [client, peers]),
  );

  const focusRow = (place: number) => {
    const chat = chats[place];
    const element = scroller.current;
    if (!chat || !element) return;
    const top = place * ROW_PX;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top + ROW_PX - element.clientHeight;
    const row = () => element.querySelector<HTMLElement>(`[data-chat="${chat.id}"]`);
    // At once where it is drawn: the next key goes on from there.
    if (row()) row()?.focus();
    else requestAnimationFrame(() => row()?.focus());
  };

  const move = (event: KeyboardEvent) => {
    const focused = (event.target as HTMLElement).dataset.chat;
    const at = focused === undefined ? -1 : chats.findIndex(({ id }) => String(id) === focused);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: chats.length - 1 }[event.key];
    if (next === undefined || (at < 0 && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    focusRow(Math.max(0, Math.min(next, chats.length - 1)));
  };

  // The open chat is in sight when the page begins, or after a jump.
  useEffect(() => {
    const place = chats.findIndex(({ id }) => id === openId);
    const element = scroller.current;
    if (place < 0 || !element) return;
    const top = place * ROW_PX;
    if (top < element.scrollTop || top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
    // Only when another chat is opened: the list is not moved under the hand otherwise.
  }, [openId]);

  return (
    <>
      <div class="bar">
        {isArchive && <IconButton icon="back" label={texts.back} onClick={() => go('')} />}
        <h1 class="bar-title" tabIndex={-1}>
          {isArchive ? texts.archived : texts.chats}
        </h1>
        <Link class="icon-button" to="new" aria-label={texts.newChat} title={texts.newChat}>
          <Icon name="pencil" />
        </Link>
        <Link class="icon-button" to="settings" aria-label={texts.settings} title={texts.settings}>
          <Icon name="gear" />
        </Link>
      </div>
      <SearchField
        label={texts.filterChats}
        value={filter}
        onText={setFilter}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && chats[0]) go(`c/${chats[0].id}`);
          else move(event);
        }}
      />
      {!isArchive && <ThreadsLink />}
      {!isArchive && <FolderChoice folderId={folder?.id} onChange={setFolderId} />}
      <div
        class="chats"
        ref={scroller}
        tabIndex={-1}
        onKeyDown={move}
        onPointerEnter={(event) => setOver(event.pointerType === 'mouse')}
        onPointerLeave={() => setOver(false)}
      >
        {!lists.isLoaded ? (
          <Skeleton label={texts.loading} />
        ) : chats.length === 0 ? (
          wanted !== '' ? (
            <Empty title={texts.nothingFound}>
              <Link class="button" to="new">
                {texts.findPeopleTitle}
              </Link>
            </Empty>
          ) : folder ? (
            <Empty title={texts.emptyFolder} />
          ) : isArchive ? (
            <Empty title={texts.nothingArchived} />
          ) : (
            <Empty title={texts.noChatsTitle} text={texts.noChatsText}>
              <Link class="button" to="new">
                {texts.newChat}
              </Link>
            </Empty>
          )
        ) : (
          <ul class="chats-rows" ref={(list) => setRoom(list, start, chats.length - end)}>
            {chats.slice(start, end).map((chat, index) => (
              <ChatRow
                key={chat.id}
                chat={chat}
                people={people}
                isOpen={chat.id === openId}
                isOnline={chat.peer !== null && presence.get(chat.peer.id)?.online === true}
                place={start + index}
                count={chats.length}
                language={language()}
              />
            ))}
          </ul>
        )}
        {!isArchive && wanted === '' && lists.archived.length > 0 && (
          <Link class="chats-archive" to="archive">
            <Icon name="archive" /> {texts.archived} ({lists.archived.length})
          </Link>
        )}
      </div>
    </>
  );
}

/** In place of the rows above and below that are not drawn. */
function setRoom(list: HTMLElement | null, above: number, below: number): void {
  if (!list) return;
  list.style.paddingBlockStart = `${above * ROW_PX}px`;
  list.style.paddingBlockEnd = `${below * ROW_PX}px`;
}

function Skeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: 8 }, (_, index) => (
        <div class="skeleton" key={index} />
      ))}
    </div>
  );
}
