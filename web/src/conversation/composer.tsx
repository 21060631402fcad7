import type { ShortUser, ShownMessage } from 'messenger-client';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { inAnHour, tomorrow } from '../app/later.js';
import { once } from '../app/once.js';
import { preferences } from '../app/preferences.js';
import { MAX_LENGTH } from '../app/server-settings.js';
import { useMedia } from '../app/use-media.js';
import { useView } from '../app/use-view.js';
import { draftOf, keepDraft, keepThreadDraft, shareDraft, takeDraft } from '../chats/drafts.js';
import { useTexts } from '../texts/index.js';
import { durationOf } from '../texts/times.js';
import { IconButton } from '../ui/icon-button.js';
import { lazy } from '../ui/lazy.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';
import { ChooseTime } from './choose-time.js';
import { closedReason } from './closed.js';
import { lineOf, nameBefore, namedIn, namesSomebody, writtenOf, type GivenMentions } from './mentions.js';
import { Suggestions } from './suggestions.js';
import { useSlowMode } from './use-slow-mode.js';
import { useSuggestions } from './use-suggestions.js';

const NewPoll = lazy(() => import('../dialogs/new-poll.js').then(({ NewPoll }) => NewPoll));

/** Eight lines. */
const HIGHEST_PX = 8 * 22 + 20;

interface Props {
  readonly chatId: number;
  /** The thread in which one writes; undefined: beside all. */
  readonly threadId?: number;
  readonly edited: ShownMessage | undefined;
  readonly onEdited: () => void;
  readonly answered: ShownMessage | undefined;
  readonly onAnswered: () => void;
  readonly editLast: () => void;
  readonly onSent: () => void;
}

function tooMany(text: string): number {
  return text.length <= MAX_LENGTH ? 0 : Math.max(0, Array.from(text).length - MAX_LENGTH);
}

/** Where one writes. What is written and not sent outlives the page. */
export function Composer({ chatId, threadId, edited, onEdited, answered, onAnswered, editLast, onSent }: Props) {
  const { client, userId } = useAccount();
  const chat = useChatHandle(chatId);
  const texts = useTexts();
  const draft = useView(draftOf(userId, chatId, threadId));
  const info = useView(chat.info);
  const { state } = useView(client.connection);
  const [change, setChange] = useState('');
  const people = useView(client.people);
  /** The name that is being written after an @; undefined: none. */
  const [begun, setBegun] = useState<string>();
  const [chosen, setChosen] = useState(0);
  const { users, known } = useSuggestions(info, begun);
  const listId = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  /** Where to write on once the text is there. */
  const caret = useRef<number | undefined>(undefined);
  const enter = useView(preferences.enter);
  /** Keys on glass have no Shift that one would hold. */
  const isTouch = useMedia('(hover: none) and (pointer: coarse)');

  /** What one edits or answers. */
  const about = edited ?? answered;
  const leave = edited ? onEdited : onAnswered;
  const text = edited ? change : draft;
  // What is begun in a thread is for this device.
  const keep = (value: string) =>
    threadId === undefined
      ? keepDraft(client, userId, chatId, value)
      : keepThreadDraft(userId, chatId, threadId, value);
  const write = (value: string) => {
    if (edited) setChange(value);
    else keep(value);
  };

  // The list has no row of a chat that is far below, or in the archive.
  useEffect(() => {
    if (threadId === undefined) takeDraft(userId, chatId, info?.draft ?? '');
  }, [userId, chatId, info?.draft_revision]);

  useEffect(() => {
    if (state === 'online' && threadId === undefined) shareDraft(client, userId, chatId);
  }, [state, client, userId, chatId]);

  // Before the next key: otherwise that is typed into what stood there before.
  useLayoutEffect(() => {
    if (!edited) return;
    setChange(writtenOf(edited.contents, people));
    area.current?.focus();
  }, [edited?.key]);

  useEffect(() => {
    if (answered) area.current?.focus();
  }, [answered?.key]);

  useEffect(() => {
    if (!isTouch) area.current?.focus({ preventScroll: true });
  }, [chatId, threadId]);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(HIGHEST_PX, element.scrollHeight)}px`;
    element.style.overflowY = element.scrollHeight > HIGHEST_PX ? 'auto' : 'hidden';
    if (caret.current === undefined) return;
    element.setSelectionRange(caret.current, caret.current);
    caret.current = undefined;
  }, [text]);

  const label = threadId === undefined ? texts.writeMessage : texts.writeInThread;
  const excess = tooMany(text.trim());
  const pause = useSlowMode(client, info, userId);
  const canSend = text.trim() !== '' && excess === 0 && (edited !== undefined || pause === 0);
  const mayNameAll = info?.own_rights.includes('mention_all') === true;
  /** What is given beside the contents, now or later. */
  const inputsOf = (mentions: GivenMentions) => ({
    ...(answered?.id && { reply_to_id: answered.id }),
    ...(namesSomebody(mentions) && { mentions }),
    ...(threadId !== undefined && { thread_id: threadId }),
  });
  const submit = () => {
    if (!canSend) return;
    const { contents, mentions } = namedIn(text.trim(), known(), mayNameAll);
    setBegun(undefined);
    if (edited) {
      if (contents !== edited.contents) {
        chat.edit(edited.id ?? edited.key, contents, namesSomebody(mentions) || edited.mentions ? { mentions } : {});
      }
      onEdited();
    } else {
      chat.send(contents, inputsOf(mentions));
      onAnswered();
      keep('');
      onSent();
    }
    area.current?.focus();
  };

  const [isAsking, setAsking] = useState(false);
  const mayAsk = threadId === undefined && !about && text === '' && info?.own_rights.includes('create_poll') === true;
  const [problem, setProblem] = useState<unknown>();
  const [isChoosing, setChoosing] = useState(false);
  const sendLater = async (at: Date) => {
    const { contents, mentions } = namedIn(text.trim(), known(), mayNameAll);
    const message = { contents, ...inputsOf(mentions) };
    const send_at = at.toISOString();
    try {
      await once({ chatId, message }, async (client_id) => {
        const given = { path: { chat_id: chatId }, body: { ...message, send_at, client_id } };
        const kept = await client.ask('POST', '/chat/{chat_id}/scheduled', given);
        // It had been asked for with another time, and no answer had come.
        if (kept.state === 'waiting' && Date.parse(kept.send_at) !== at.getTime())
          await client.ask('PATCH', '/scheduled/{scheduled_id}', {
            path: { scheduled_id: kept.id },
            body: { send_at },
          });
      });
    } catch (error) {
      setProblem(error);
      return;
    }
    setProblem(undefined);
    // One may have written on meanwhile.
    if (draftOf(userId, chatId, threadId).getSnapshot() !== text) return;
    onAnswered();
    keep('');
  };

  const look = () => {
    const { value = '', selectionStart = 0, selectionEnd = 0 } = area.current ?? {};
    setBegun(selectionStart === selectionEnd ? nameBefore(value, selectionStart) : undefined);
    setChosen(0);
  };
  const choose = ({ username }: ShortUser) => {
    const element = area.current;
    if (!element || begun === undefined) return;
    const end = element.selectionStart;
    const start = end - begun.length;
    write(`${text.slice(0, start)}${username} ${text.slice(end)}`);
    setBegun(undefined);
    caret.current = start + username.length + 1;
  };
  /** @returns whether the key is for the suggestions. */
  const pressInList = ({ key }: KeyboardEvent): boolean => {
    const user = users[chosen];
    if (!user) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setChosen((chosen + (key === 'ArrowDown' ? 1 : users.length - 1)) % users.length);
    } else if (key === 'Enter' || key === 'Tab') choose(user);
    else if (key === 'Escape') setBegun(undefined);
    else return false;
    return true;
  };

  const press = (event: KeyboardEvent) => {
    // An input method takes its own Enter and Esc.
    if (event.isComposing) return;
    if (pressInList(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const isPlain = !event.shiftKey && !event.altKey;
    const sends = event.ctrlKey || event.metaKey || (isPlain && enter === 'sends' && !isTouch);
    if (event.key === 'Enter' && sends) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && text === '' && !edited) {
      event.preventDefault();
      editLast();
    } else if (event.key === 'Escape' && about) {
      event.preventDefault();
      event.stopPropagation();
      leave();
    }
  };

  const closed = info && closedReason(info, texts);
  if (closed !== undefined) {
    return (
      <p class="composer composer-closed" role="status">
        {closed}
      </p>
    );
  }
  return (
    <>
      {isAsking && <NewPoll chatId={chatId} onSent={onSent} onClose={() => setAsking(false)} />}
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {about && (
          <div class="composer-about">
            <span>
              <strong>{edited ? texts.editing : texts.answering}</strong>{' '}
              <bdi>{lineOf(about.contents, people, texts)}</bdi>
            </span>
            <IconButton icon="close" label={texts.cancel} onClick={leave} />
          </div>
        )}
        {users.length > 0 && <Suggestions id={listId} users={users} chosen={chosen} onChoose={choose} />}
        <div class="composer-row">
          <textarea
            ref={area}
            rows={1}
            dir="auto"
            aria-label={label}
            placeholder={label}
            enterkeyhint={enter === 'sends' && !isTouch ? 'send' : 'enter'}
            value={text}
            aria-autocomplete="list"
            aria-controls={users.length > 0 ? listId : undefined}
            aria-activedescendant={users.length > 0 ? `${listId}-${chosen}` : undefined}
            onInput={(event) => {
              const { value } = event.currentTarget;
              write(value);
              look();
              // In the chat nothing would come of it.
              if (value.trim() !== '' && !edited && threadId === undefined) chat.setTyping();
            }}
            onKeyDown={press}
            onSelect={() => begun !== undefined && look()}
            onBlur={() => setBegun(undefined)}
          />
          {mayAsk && (
            <Menu
              label={texts.moreToSend}
              icon="plus"
              items={[{ label: texts.newPoll, onChoose: () => setAsking(true) }]}
            />
          )}
          {canSend && !edited && (
            <Menu
              label={texts.sendLater}
              icon="clock"
              items={[
                { label: texts.inAnHour, onChoose: () => void sendLater(inAnHour()) },
                { label: texts.tomorrowMorning, onChoose: () => void sendLater(tomorrow()) },
                { label: texts.atATime, onChoose: () => setChoosing(true) },
              ]}
            />
          )}
          <IconButton
            class="send"
            icon={edited ? 'check' : 'send'}
            type="submit"
            label={edited ? texts.save : texts.send}
            aria-disabled={!canSend}
          />
        </div>
        {problem !== undefined && <Problem error={problem} />}
        {isChoosing && (
          <ChooseTime
            label={texts.sendLater}
            onChoose={(at) => void sendLater(at)}
            onClose={() => setChoosing(false)}
          />
        )}
        {pause > 0 && !edited && (
          <p class="note" role="timer">
            {texts.slowModeFor(durationOf(pause))}
          </p>
        )}
        <div role="status">{excess > 0 && <p class="note note-problem">{texts.tooLong(excess)}</p>}</div>
      </form>
    </>
  );
}
