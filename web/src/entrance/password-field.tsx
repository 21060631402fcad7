import { useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';

interface Props {
  readonly label: string;
  readonly isNew?: boolean;
  readonly problem?: string | undefined;
}

export function PasswordField({ label, isNew = false, problem }: Props) {
  const texts = useTexts();
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Field
        label={label}
        name="password"
        type={isShown ? 'text' : 'password'}
        autocomplete={isNew ? 'new-password' : 'current-password'}
        autocapitalize="none"
        spellcheck={false}
        hint={isNew ? texts.passwordHint : undefined}
        problem={problem}
        required
      />
      <label class="checkbox">
        <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
        {texts.showPassword}
      </label>
    </>
  );
}
