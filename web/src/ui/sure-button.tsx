import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';

interface Props {
  readonly label: string;
  readonly question: string;
  readonly onSure: () => void;
}

/** Asks before it does what can't be taken back. */
export function SureButton({ label, question, onSure }: Props) {
  const texts = useTexts();
  const [isAsking, setAsking] = useState(false);
  const cancel = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isAsking) cancel.current?.focus();
  }, [isAsking]);
  if (!isAsking) {
    return (
      <button type="button" class="wide-button danger" onClick={() => setAsking(true)}>
        {label}
      </button>
    );
  }
  return (
    <div class="section" role="group" aria-label={question}>
      <p>{question}</p>
      <p class="buttons">
        <button ref={cancel} type="button" class="button button-quiet" onClick={() => setAsking(false)}>
          {texts.cancel}
        </button>
        <button type="button" class="button button-danger" onClick={onSure}>
          {label}
        </button>
      </p>
    </div>
  );
}
