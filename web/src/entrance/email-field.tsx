import { fieldProblem } from '../account/problem.js';
import { useTexts } from '../texts/index.js';
import { Field } from '../ui/field.js';

/** @param error what the server has refused, perhaps the address. */
export function EmailField({ error }: { readonly error: unknown }) {
  const texts = useTexts();
  return (
    <Field
      label={texts.email}
      problem={fieldProblem(error, 'email')}
      name="email"
      type="email"
      autocomplete="email"
      required
    />
  );
}
