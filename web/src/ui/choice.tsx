import { useId } from 'preact/hooks';

interface Props<T extends string> {
  readonly label: string;
  readonly options: readonly {
    readonly value: T;
    readonly label: string;
    /** In which language that is said, when it is another one. */
    readonly language?: string;
  }[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** One of several, in a list that opens. */
export function Choice<T extends string>({ label, options, value, onChange }: Props<T>) {
  const id = useId();
  return (
    <div class="choice">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value} lang={option.language}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
