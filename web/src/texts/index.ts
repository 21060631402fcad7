import { kept } from '../app/kept.js';
import { signal } from '../app/signal.js';
import { useView } from '../app/use-view.js';
import { en, type Texts } from './en.js';

export type { Texts } from './en.js';

const KEY = 'language';

/** Every language by its own name. A catalogue is loaded when it is needed. */
export const LANGUAGES = {
  en: { name: 'English', direction: 'ltr', load: () => Promise.resolve(en) },
  de: { name: 'Deutsch', direction: 'ltr', load: () => import('./de.js').then(({ de }) => de) },
  ar: { name: 'العربية', direction: 'rtl', load: () => import('./ar.js').then(({ ar }) => ar) },
} as const;

export type Language = keyof typeof LANGUAGES;

interface Shown {
  readonly language: Language;
  readonly texts: Texts;
}

const shown = signal<Shown>({ language: 'en', texts: en });

function isLanguage(value: string | null | undefined): value is Language {
  return value !== null && value !== undefined && value in LANGUAGES;
}

/** What was chosen, or the first that the browser asks for and that there is. */
function preferred(): Language {
  const chosen = kept.read(KEY);
  if (isLanguage(chosen)) return chosen;
  return navigator.languages.map((each) => each.split('-')[0]).find(isLanguage) ?? 'en';
}

async function show(language: Language): Promise<void> {
  const { load, direction } = LANGUAGES[language];
  const texts = await load();
  document.documentElement.lang = language;
  document.documentElement.dir = direction;
  shown.set({ language, texts });
}

/** Settles when the texts are there. Without a network English is. */
export async function loadTexts(): Promise<void> {
  await show(preferred()).catch(() => undefined);
}

export async function chooseLanguage(language: Language): Promise<void> {
  kept.write(KEY, language);
  await show(language);
}

export function texts(): Texts {
  return shown.getSnapshot().texts;
}

export function language(): Language {
  return shown.getSnapshot().language;
}

/** The texts; the component is drawn again in another language. */
export function useTexts(): Texts {
  return useView(shown).texts;
}
