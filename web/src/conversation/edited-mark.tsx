import type { ShownMessage } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { fullTime } from '../texts/times.js';
import { Dialog } from '../ui/dialog.js';
import { IconButton } from '../ui/icon-button.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

interface Version {
  readonly version: number;
  readonly contents: string;
  readonly written_at: string;
}

interface Props {
  readonly message: ShownMessage;
  /** Whether the user may see what stood there before. */
  readonly isOpen: boolean;
}

/** That a message has been edited; pressed, it shows how it read before. */
export function EditedMark({ message, isOpen }: Props) {
  const texts = useTexts();
  const client = useClient();
  const [versions, setVersions] = useState<readonly Version[]>();
  const { isBusy, error, run } = useTask();
  const { id } = message;
  if (message.edited_at === undefined) return null;
  if (!isOpen || id === null) return <span>{texts.edited}</span>;
  const show = () => {
    run(async () => {
      const path = { message_id: id };
      const page = await client.ask('GET', '/message/{message_id}/versions', { path, query: { limit: 50 } });
      setVersions(page.versions);
    });
  };
  return (
    <>
      <button type="button" class="edited" title={texts.editHistory} aria-disabled={isBusy} onClick={show}>
        {texts.edited}
      </button>
      {error !== undefined && <Problem error={error} />}
      {versions && (
        <Dialog label={texts.editHistory} onClose={() => setVersions(undefined)}>
          <div class="bar">
            <h2 class="bar-title">{texts.editHistory}</h2>
            <IconButton icon="close" label={texts.close} onClick={() => setVersions(undefined)} />
          </div>
          <ul class="versions">
            {versions.map(({ version, contents, written_at }) => (
              <li key={version}>
                <time dateTime={written_at}>{fullTime(written_at)}</time>
                <p dir="auto">{contents}</p>
              </li>
            ))}
          </ul>
          {versions.length === 0 && <p class="hint">{texts.noEditHistory}</p>}
        </Dialog>
      )}
    </>
  );
}
