import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Problem } from '../ui/problem.js';
import { Segmented } from '../ui/segmented.js';
import { useTasks } from '../ui/use-tasks.js';

/** Whether others see what the user has read. */
export function ReceiptChoice() {
  const client = useClient();
  const me = useView(client.me);
  const texts = useTexts();
  const { error, run } = useTasks();
  const options = [
    { value: 'on', label: texts.receiptsOn },
    { value: 'off', label: texts.receiptsOff },
  ] as const;
  return (
    <section class="section form" aria-label={texts.receipts}>
      <Segmented
        label={texts.receipts}
        options={options}
        value={me?.shows_receipts === false ? 'off' : 'on'}
        onChange={(value) =>
          run(undefined, () => client.ask('PATCH', '/user/me', { body: { shows_receipts: value === 'on' } }))
        }
      />
      <p class="hint">{texts.receiptsHint}</p>
      <Problem error={error} />
    </section>
  );
}
