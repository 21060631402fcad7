import { useEffect, useId, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { IconButton } from '../ui/icon-button.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

interface Props {
  /** What is reported. */
  readonly about: { readonly message_id: number } | { readonly user_id: number };
  readonly onClose: () => void;
}

/** Asks what is wrong, and tells the admins. */
export function ReportDialog({ about, onClose }: Props) {
  const client = useClient();
  const texts = useTexts();
  const name = useId();
  const { isBusy, error, run } = useTask();
  const [reasons, setReasons] = useState<readonly string[]>([]);
  const [isSent, setSent] = useState(false);
  useEffect(() => {
    run(async () => setReasons((await client.ask('GET', '/user/reports', { query: { limit: 1 } })).reasons));
  }, [client, run]);

  const send = (event: SubmitEvent) => {
    const { [name]: reason = '', text = '' } = formValues(event);
    run(async () => {
      await client.ask('POST', '/reports', { body: { ...about, reason, ...(text.trim() && { text: text.trim() }) } });
      setSent(true);
    });
  };
  const words: Readonly<Record<string, string>> = texts.reportReasons;
  return (
    <Dialog label={texts.report} onClose={onClose}>
      <div class="bar">
        <h2 class="bar-title">{texts.reportTitle}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </div>
      {isSent ? (
        <p role="status" class="dialog-text">
          {texts.reportSent}
        </p>
      ) : (
        <form class="form dialog-text" onSubmit={send}>
          <fieldset class="choices">
            <legend class="hidden">{texts.reportTitle}</legend>
            {reasons.map((reason) => (
              <label key={reason}>
                <input type="radio" name={name} value={reason} required />
                <span>{words[reason] ?? reason}</span>
              </label>
            ))}
          </fieldset>
          <Field label={texts.reportMore} name="text" maxLength={1000} dir="auto" />
          <Problem error={error} />
          <button type="submit" class="button" aria-disabled={isBusy}>
            {texts.report}
          </button>
        </form>
      )}
    </Dialog>
  );
}
