import type { ShownChat } from 'messenger-client';
import { useState } from 'preact/hooks';
import { fieldProblem } from '../account/problem.js';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { PictureField } from '../ui/picture-field.js';
import { Problem } from '../ui/problem.js';
import { SaveRow } from '../ui/save-row.js';
import { useTask } from '../ui/use-task.js';

const LONGEST = { name: 255, description: 1000 };

/** What a group is called, and what it is about. */
export function GroupProfile({ info }: { readonly info: ShownChat }) {
  const texts = useTexts();
  const client = useClient();
  const [isSaved, setSaved] = useState(false);
  const { isBusy, error, run } = useTask();
  const save = (event: SubmitEvent) => {
    const { name = '', description = '', picture = '' } = formValues(event);
    // What is as it was is not sent: somebody else may change it just now.
    const [newName, newDescription, newPicture] = [name.trim(), description.trim() || null, picture.trim() || null];
    const body = {
      ...(newName !== '' && newName !== info.name && { name: newName }),
      ...(newDescription !== info.description && { description: newDescription }),
      ...(newPicture !== info.avatar_url && { avatar_url: newPicture }),
    };
    setSaved(false);
    if (Object.keys(body).length === 0) return;
    run(async () => {
      await client.ask('PATCH', '/chat/{chat_id}', { path: { chat_id: info.id }, query: { participants: 0 }, body });
      setSaved(true);
    });
  };
  return (
    <form class="section form" aria-label={texts.profile} onSubmit={save}>
      <Field
        key={`name ${info.name}`}
        label={texts.groupName}
        name="name"
        dir="auto"
        defaultValue={info.name ?? ''}
        maxLength={LONGEST.name}
        problem={fieldProblem(error, 'name')}
      />
      <Field
        key={`description ${info.description}`}
        label={texts.description}
        name="description"
        dir="auto"
        defaultValue={info.description ?? ''}
        maxLength={LONGEST.description}
        problem={fieldProblem(error, 'description')}
      />
      <PictureField key={`picture ${info.avatar_url}`} url={info.avatar_url} error={error} />
      <Problem error={error} />
      <SaveRow isSaved={isSaved} isBusy={isBusy} />
    </form>
  );
}
