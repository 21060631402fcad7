import { useTexts } from '../texts/index.js';

interface Props {
  readonly isSaved: boolean;
  readonly isBusy: boolean;
}

/** The button of a form, and whether it has been saved. */
export function SaveRow({ isSaved, isBusy }: Props) {
  const texts = useTexts();
  return (
    <p class="buttons">
      <span role="status" class="secondary">
        {isSaved && texts.saved}
      </span>
      <button type="submit" class="button" aria-disabled={isBusy}>
        {texts.save}
      </button>
    </p>
  );
}
