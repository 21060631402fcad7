import { useState } from 'preact/hooks';
import { fieldProblem } from '../account/problem.js';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Field } from '../ui/field.js';
import { formValues } from '../ui/form-values.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

const LONGEST = { name: 128, bio: 64, picture: 1024 };

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
      <Field
        label={texts.picture}
        name="picture"
        type="url"
        dir="ltr"
        placeholder="https://"
        defaultValue={me.avatar_url ?? ''}
        maxLength={LONGEST.picture}
        problem={fieldProblem(error, 'avatar_url')}
      />
      <Problem error={error} />
      <p class="buttons">
        <span role="status" class="secondary">
          {isSaved && texts.saved}
        </span>
        <button type="submit" class="button" aria-disabled={isBusy}>
          {texts.save}
        </button>
      </p>
    </form>
  );
}
