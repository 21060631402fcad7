import { fieldProblem } from '../account/problem.js';
import { useTexts } from '../texts/index.js';
import { Field } from './field.js';

const LONGEST = 1024;

interface Props {
  readonly url: string | null | undefined;
  readonly error: unknown;
}

/** Where a picture is, as `picture` of its form. */
export function PictureField({ url, error }: Props) {
  const texts = useTexts();
  return (
    <Field
      label={texts.picture}
      name="picture"
      type="url"
      dir="ltr"
      placeholder="https://"
      defaultValue={url ?? ''}
      maxLength={LONGEST}
      problem={fieldProblem(error, 'avatar_url')}
    />
  );
}
