import { useState } from 'preact/hooks';
import { preferences, type Notices, type Preference } from '../app/preferences.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Segmented } from '../ui/segmented.js';
import { LanguageChoice } from './language-choice.js';

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly labels: Readonly<Record<T, string>>;
  readonly preference: Preference<T>;
  readonly onChange?: (value: T) => void;
}

function Choice<T extends string>({ label, labels, preference, onChange }: ChoiceProps<T>) {
  const value = useView(preference);
  const options = preference.values.map((each) => ({ value: each, label: labels[each] }));
  return <Segmented label={label} options={options} value={value} onChange={onChange ?? preference.set} />;
}

/** How the messenger looks and behaves in this browser. */
export function Appearance() {
  const texts = useTexts();
  const [isRefused, setRefused] = useState(false);
  const setNotices = async (value: Notices) => {
    const isAllowed =
      value === 'off' || ('Notification' in window && (await Notification.requestPermission()) === 'granted');
    setRefused(!isAllowed);
    preferences.notices.set(isAllowed ? value : 'off');
  };
  return (
    <section class="section form" aria-label={texts.appearance}>
      <h2>{texts.appearance}</h2>
      <LanguageChoice />
      <Choice label={texts.theme} labels={texts.themes} preference={preferences.theme} />
      <Choice label={texts.enterKey} labels={texts.enterKeys} preference={preferences.enter} />
      <Choice
        label={texts.notices}
        labels={texts.noticesOptions}
        preference={preferences.notices}
        onChange={(value) => void setNotices(value)}
      />
      <div role="status">{isRefused && <p class="note note-problem">{texts.noticesRefused}</p>}</div>
    </section>
  );
}
