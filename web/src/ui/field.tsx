import type { InputHTMLAttributes, TargetedInputEvent } from 'preact';
import { useId } from 'preact/hooks';

interface Props {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly problem?: string | undefined;
  readonly name?: string;
  readonly type?: 'text' | 'email' | 'password' | 'url' | 'datetime-local';
  readonly value?: string;
  readonly defaultValue?: string;
  readonly maxLength?: number;
  readonly min?: string;
  readonly placeholder?: string;
  readonly dir?: 'auto' | 'ltr';
  readonly autocomplete?: string;
  readonly autocapitalize?: 'none';
  readonly spellcheck?: boolean;
  readonly required?: boolean;
  readonly readOnly?: boolean;
  readonly onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
}

/** A field with its label, a hint, and what is wrong about it. */
export function Field({ label, hint, problem, ...rest }: Props) {
  const id = useId();
  const note = problem ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        aria-invalid={problem !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...(rest as InputHTMLAttributes)}
      />
      {note !== undefined && (
        <p id={`${id}-note`} class={problem === undefined ? 'note' : 'note note-problem'}>
          {note}
        </p>
      )}
    </div>
  );
}
