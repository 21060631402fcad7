import { useId } from 'preact/hooks';
import { chooseLanguage, language, LANGUAGES, useTexts, type Language } from '../texts/index.js';

export function LanguageChoice() {
  const texts = useTexts();
  const id = useId();
  return (
    <div class="choice">
      <label for={id}>{texts.language}</label>
      <select
        id={id}
        value={language()}
        onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([key, { name }]) => (
          <option key={key} value={key} lang={key}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
