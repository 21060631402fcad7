import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts, type Texts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { IconButton } from '../ui/icon-button.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { LengthChoice, untilOf, type Length } from './until.js';

/** Whom a moderator keeps from a group, and how. */
export interface Sanction {
  readonly kind: 'restrict' | 'shadow' | 'ban';
  readonly person: { readonly id: number; readonly name: string };
}

/** What is done, in words. */
export function sanctionTitle(
  texts: Pick<Texts, 'banMember' | 'restrictMember' | 'shadowMember'>,
  { kind, person }: Sanction,
): string {
  const title = { ban: texts.banMember, restrict: texts.restrictMember, shadow: texts.shadowMember }[kind];
  return title(person.name);
}

interface Props extends Sanction {
  readonly chatId: number;
  readonly onClose: () => void;
}

/** Asks why and for how long, and does it. */
export function SanctionDialog({ kind, person, chatId, onClose }: Props) {
  const client = useClient();
  const texts = useTexts();
  const [length, setLength] = useState<Length>('day');
  const { isBusy, error, run } = useTask();
  const title = sanctionTitle(texts, { kind, person });
  const path = { chat_id: chatId, user_id: person.id };

  const send = (event: SubmitEvent) => {
    const { reason = '', recent } = formValues(event);
    const given = { reason: reason.trim(), ...untilOf(length) };
    run(async () => {
      if (kind === 'restrict')
        await client.ask('PUT', '/chat/{chat_id}/participants/{user_id}/restriction', { path, body: given });
      else if (kind === 'shadow')
        await client.ask('PUT', '/chat/{chat_id}/participants/{user_id}/shadow', { path, body: given });
      else {
        const body = { ...given, ...(recent !== undefined && { delete_messages: 'last_24h' as const }) };
        await client.ask('PUT', '/chat/{chat_id}/bans/{user_id}', { path, body });
      }
      onClose();
    });
  };
  return (
    <Dialog label={title} onClose={onClose}>
      <div class="bar">
        <h2 class="bar-title">{title}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </div>
      <form class="form dialog-text" onSubmit={send}>
        <Field label={texts.reason} name="reason" maxLength={500} dir="auto" required />
        <LengthChoice value={length} onChange={setLength} />
        {kind === 'shadow' && <p class="hint">{texts.shadowHint}</p>}
        {kind === 'ban' && (
          <label class="tick">
            <input type="checkbox" name="recent" />
            <span>{texts.alsoDeleteRecent}</span>
          </label>
        )}
        <Problem error={error} />
        <button type="submit" class="button button-danger" aria-disabled={isBusy}>
          {title}
        </button>
      </form>
    </Dialog>
  );
}
