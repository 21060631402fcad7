import { useState } from 'preact/hooks';
import { useChatHandle } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';
import { LONGEST_OPTION, MAX_OPTIONS } from '../conversation/poll.js';

const LONGEST_QUESTION = 300;

interface Props {
  readonly chatId: number;
  readonly onSent: () => void;
  readonly onClose: () => void;
}

/** Asks everybody in the chat. There is always a field for one more option. */
export function NewPoll({ chatId, onSent, onClose }: Props) {
  const chat = useChatHandle(chatId);
  const texts = useTexts();
  const [question, setQuestion] = useState('');
  const [written, setWritten] = useState(['', '']);
  const [isSeveral, setSeveral] = useState(false);
  const [anonymous, setAnonymous] = useState(false);
  const [may_add_options, setMayAdd] = useState(false);
  const [results, setResults] = useState<'always' | 'after_vote' | 'after_close'>('always');

  const options = [...new Set(written.map((text) => text.trim()).filter((text) => text !== ''))];
  const canSend = question.trim() !== '' && options.length >= 2;
  const write = (place: number, value: string) => {
    const next = written.map((text, at) => (at === place ? value : text));
    setWritten(next.at(-1) !== '' && next.length < MAX_OPTIONS ? [...next, ''] : next);
  };
  const submit = () => {
    if (!canSend) return;
    const max_votes = isSeveral ? options.length : 1;
    const poll = { question: question.trim(), options, max_votes, anonymous, may_add_options, results };
    chat.send(poll.question, { poll });
    onClose();
    onSent();
  };

  return (
    <Dialog label={texts.newPoll} onClose={onClose}>
      <form
        class="new-poll"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={texts.pollQuestion}
          dir="auto"
          autocomplete="off"
          maxLength={LONGEST_QUESTION}
          value={question}
          onInput={(event) => setQuestion(event.currentTarget.value)}
        />
        {written.map((text, place) => (
          <Field
            key={place}
            label={texts.pollOption(place + 1)}
            dir="auto"
            autocomplete="off"
            maxLength={LONGEST_OPTION}
            value={text}
            onInput={(event) => write(place, event.currentTarget.value)}
          />
        ))}
        <Segmented
          label={texts.pollResults}
          options={[
            { value: 'always', label: texts.pollResultsOf.always },
            { value: 'after_vote', label: texts.pollResultsOf.after_vote },
            { value: 'after_close', label: texts.pollResultsOf.after_close },
          ]}
          value={results}
          onChange={setResults}
        />
        <label>
          <input type="checkbox" checked={isSeveral} onChange={() => setSeveral(!isSeveral)} /> {texts.pollMaySeveral}
        </label>
        <label>
          <input type="checkbox" checked={anonymous} onChange={() => setAnonymous(!anonymous)} /> {texts.pollAnonymous}
        </label>
        <label>
          <input type="checkbox" checked={may_add_options} onChange={() => setMayAdd(!may_add_options)} />{' '}
          {texts.pollMayAdd}
        </label>
        <button type="submit" class="button" aria-disabled={!canSend}>
          {texts.send}
        </button>
      </form>
    </Dialog>
  );
}
