import { useState } from 'preact/hooks';
import { inAnHour } from '../app/later.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';

const MINUTE_MS = 60_000;

/** As a field for times has it: by the clock of the device. */
function written(date: Date): string {
  return new Date(date.getTime() - date.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

interface Props {
  readonly label: string;
  readonly onChoose: (time: Date) => void;
  readonly onClose: () => void;
}

/** Any time that is still to come. */
export function ChooseTime({ label, onChoose, onClose }: Props) {
  const texts = useTexts();
  const [value, setValue] = useState(() => written(inAnHour()));
  const time = new Date(value);
  const isPast = !(time.getTime() > Date.now());
  const choose = (event: SubmitEvent) => {
    event.preventDefault();
    if (isPast) return;
    onClose();
    onChoose(time);
  };
  return (
    <Dialog label={label} onClose={onClose}>
      <form class="form form-dialog" onSubmit={choose}>
        <h2>{label}</h2>
        <Field
          label={texts.time}
          type="datetime-local"
          value={value}
          min={written(new Date())}
          problem={isPast ? texts.timeIsPast : undefined}
          required
          onInput={(event) => setValue(event.currentTarget.value)}
        />
        <p class="buttons">
          <button type="button" class="button button-quiet" onClick={onClose}>
            {texts.cancel}
          </button>
          <button type="submit" class="button" aria-disabled={isPast}>
            {label}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
