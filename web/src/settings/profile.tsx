import { useState } from 'preact/hooks';
import { fieldProblem } from '../account/problem.js';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { PictureField } from '../ui/picture-field.js';
import { Problem } from '../ui/problem.js';
import { SaveRow } from '../ui/save-row.js';
import { useTask } from '../ui/use-task.js';

const LONGEST = { name: 128, bio: 64 };

export function Profile() {
  const client = useClient();
  const texts = useTexts();
  const me = useView(client.me);
  const [isSaved, setSaved] = useState(false);
  const { isBusy, error, run } = useTask();
  if (!me) return null;

  const save = (event: SubmitEvent) => {
    const { name = '', bio = '', picture = '' } = formValues(event);
    setSaved(false);
    run(async () => {
      await client.updateMe({
        name: name.trim() || null,
        bio: bio.trim(),
        avatar_url: picture.trim() || null,
      });
      setSaved(true);
    });
  };

  return (
    <form class="section form" aria-label={texts.profile} onSubmit={save}>
      <div class="card">
        <Avatar id={me.id} name={me.name} url={me.avatar_url} isLarge />
        <h2>
          <bdi>{me.name}</bdi>
        </h2>
        <p class="secondary" dir="ltr">
          @{me.username}
        </p>
      </div>
      <Field
        label={texts.name}
        name="name"
        dir="auto"
        autocomplete="name"
        defaultValue={me.name}
        maxLength={LONGEST.name}
        problem={fieldProblem(error, 'name')}
      />
      <Field
        label={texts.bio}
        name="bio"
        dir="auto"
        defaultValue={me.bio ?? ''}
        maxLength={LONGEST.bio}
        problem={fieldProblem(error, 'bio')}
      />
      <PictureField url={me.avatar_url} error={error} />
      <Problem error={error} />
      <SaveRow isSaved={isSaved} isBusy={isBusy} />
    </form>
  );
}
