import type { ShortUser } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts, type Texts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { IconButton } from '../ui/icon-button.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { PeopleSection } from './people-section.js';

interface Receipts {
  readonly read_count: number | null;
  readonly delivered_count: number | null;
  readonly of_count: number | null;
  readonly read: readonly ShortUser[] | null;
  readonly delivered: readonly ShortUser[] | null;
}

interface Props {
  readonly messageId: number;
  readonly onClose: () => void;
}

function countsOf({ read_count, delivered_count, of_count }: Receipts, texts: Texts): string {
  if (read_count === null || delivered_count === null || of_count === null) return texts.tooLargeForReceipts;
  return texts.receiptCounts(read_count, delivered_count, of_count);
}

/** Who has read a message, and who has received it. */
export function MessageInfo({ messageId, onClose }: Props) {
  const texts = useTexts();
  const client = useClient();
  const [receipts, setReceipts] = useState<Receipts>();
  const { error, run } = useTask();
  useEffect(() => {
    run(async () => {
      setReceipts(await client.ask('GET', '/message/{message_id}/receipts', { path: { message_id: messageId } }));
    });
  }, [messageId]);
  return (
    <Dialog label={texts.messageInfo} onClose={onClose}>
      <div class="bar">
        <h2 class="bar-title">{texts.messageInfo}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </div>
      <Problem error={error} />
      {receipts && <p class="hint">{countsOf(receipts, texts)}</p>}
      <PeopleSection title={texts.readBy} people={receipts?.read ?? []} />
      <PeopleSection title={texts.deliveredTo} people={receipts?.delivered ?? []} />
    </Dialog>
  );
}
