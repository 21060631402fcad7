import { chooseLanguage, language, LANGUAGES, useTexts, type Language } from '../texts/index.js';
import { Choice } from '../ui/choice.js';

export function LanguageChoice() {
  const texts = useTexts();
  const options = (Object.keys(LANGUAGES) as Language[]).map((value) => {
    return { value, label: LANGUAGES[value].name, language: value };
  });
  return (
    <Choice
      label={texts.language}
      options={options}
      value={language()}
      onChange={(chosen) => void chooseLanguage(chosen)}
    />
  );
}
