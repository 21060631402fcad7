import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { LONGEST_OPTION } from '../conversation/poll.js';

interface Props {
  readonly messageId: number;
  readonly onClose: () => void;
}

/** One more option of a poll to which others may add. */
export function NewOption({ messageId, onClose }: Props) {
  const client = useClient();
  const texts = useTexts();
  const [text, setText] = useState('');
  const { error, run } = useTask();
  const isEmpty = text.trim() === '';
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    if (isEmpty) return;
    run(async () => {
      const given = { path: { message_id: messageId }, body: { text: text.trim() } };
      await client.ask('POST', '/message/{message_id}/poll/options', given);
      onClose();
    });
  };
  return (
    <Dialog label={texts.addPollOption} onClose={onClose}>
      <form class="form form-dialog" onSubmit={add}>
        <h2>{texts.addPollOption}</h2>
        <Field
          label={texts.pollNewOption}
          dir="auto"
          autocomplete="off"
          maxLength={LONGEST_OPTION}
          value={text}
          required
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <Problem error={error} />
        <p class="buttons">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="button" aria-disabled={isEmpty}>
            {texts.addPollOption}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
