import type { ShownMessage } from 'messenger-client';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { inAnHour, tomorrow } from '../app/later.js';
import { preferences } from '../app/preferences.js';
import { useMedia } from '../app/use-media.js';
import { useView } from '../app/use-view.js';
import { draftOf, keepDraft, shareDraft, takeDraft } from '../chats/drafts.js';
import { useTexts } from '../texts/index.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';

/** As many characters as the server takes. */
const LONGEST = 2047;
/** Eight lines. */
const HIGHEST_PX = 8 * 22 + 20;

interface Props {
  readonly chatId: number;
  readonly edited: ShownMessage | undefined;
  readonly onEdited: () => void;
  readonly answered: ShownMessage | undefined;
  readonly onAnswered: () => void;
  readonly editLast: () => void;
  readonly onSent: () => void;
}

function tooMany(text: string): number {
  return text.length <= LONGEST ? 0 : Math.max(0, Array.from(text).length - LONGEST);
}

/** Where one writes. What is written and not sent outlives the page. */
export function Composer({ chatId, edited, onEdited, answered, onAnswered, editLast, onSent }: Props) {
  const { client, userId } = useAccount();
  const chat = useChatHandle(chatId);
  const texts = useTexts();
  const draft = useView(draftOf(userId, chatId));
  const info = useView(chat.info);
  const { state } = useView(client.connection);
  const [change, setChange] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const enter = useView(preferences.enter);
  /** Keys on glass have no Shift that one would hold. */
  const isTouch = useMedia('(hover: none) and (pointer: coarse)');

  /** What one edits or answers. */
  const about = edited ?? answered;
  const leave = edited ? onEdited : onAnswered;
  const text = edited ? change : draft;
  const write = (value: string) => {
    if (edited) setChange(value);
    else keepDraft(client, userId, chatId, value);
  };

  // The list has no row of a chat that is far below, or in the archive.
  useEffect(() => takeDraft(userId, chatId, info?.draft ?? ''), [userId, chatId, info?.draft_revision]);

  useEffect(() => {
    if (state === 'online') shareDraft(client, userId, chatId);
  }, [state, client, userId, chatId]);

  useEffect(() => {
    if (!edited) return;
    setChange(edited.contents);
    area.current?.focus();
  }, [edited?.key]);

  useEffect(() => {
    if (answered) area.current?.focus();
  }, [answered?.key]);

  useEffect(() => {
    if (!isTouch) area.current?.focus({ preventScroll: true });
  }, [chatId]);

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(HIGHEST_PX, element.scrollHeight)}px`;
    element.style.overflowY = element.scrollHeight > HIGHEST_PX ? 'auto' : 'hidden';
  }, [text]);

  const excess = tooMany(text.trim());
  const canSend = text.trim() !== '' && excess === 0;
  const submit = () => {
    if (!canSend) return;
    const contents = text.trim();
    if (edited) {
      if (contents !== edited.contents) chat.edit(edited.id ?? edited.key, contents);
      onEdited();
    } else {
      chat.send(contents, answered?.id ? { reply_to_id: answered.id } : {});
      onAnswered();
      keepDraft(client, userId, chatId, '');
      onSent();
    }
    area.current?.focus();
  };

  const [problem, setProblem] = useState<unknown>();
  const sendLater = (at: Date) => {
    const body = {
      contents: text.trim(),
      send_at: at.toISOString(),
      ...(answered?.id && { reply_to_id: answered.id }),
    };
    client
      .ask('POST', '/chat/{chat_id}/scheduled', { path: { chat_id: chatId }, body })
      .then(() => {
        setProblem(undefined);
        onAnswered();
        keepDraft(client, userId, chatId, '');
      })
      .catch(setProblem);
  };

  const press = (event: KeyboardEvent) => {
    // An input method takes its own Enter and Esc.
    if (event.isComposing) return;
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

  return (
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
            <strong>{edited ? texts.editing : texts.answering}</strong> <bdi>{about.contents}</bdi>
          </span>
          <IconButton icon="close" label={texts.cancel} onClick={leave} />
        </div>
      )}
      <div class="composer-row">
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          aria-label={texts.writeMessage}
          placeholder={texts.writeMessage}
          enterkeyhint={enter === 'sends' && !isTouch ? 'send' : 'enter'}
          value={text}
          onInput={(event) => {
            const { value } = event.currentTarget;
            write(value);
            if (value.trim() !== '' && !edited) chat.setTyping();
          }}
          onKeyDown={press}
        />
        {canSend && !edited && (
          <Menu
            label={texts.sendLater}
            icon="clock"
            items={[
              { label: texts.inAnHour, onChoose: () => sendLater(inAnHour()) },
              { label: texts.tomorrowMorning, onChoose: () => sendLater(tomorrow()) },
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
      <div role="status">{excess > 0 && <p class="note note-problem">{texts.tooLong(excess)}</p>}</div>
    </form>
  );
}
