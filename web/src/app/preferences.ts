import { kept } from './kept.js';
import { signal } from './signal.js';

export type Theme = 'system' | 'light' | 'dark';
export type EnterKey = 'sends' | 'breaks';
export type Notices = 'on' | 'off';

function preference<T extends string>(key: string, values: readonly [T, ...T[]]) {
  const found = values.find((value) => value === kept.read(key));
  const { set, ...view } = signal<T>(found ?? values[0]);
  return {
    ...view,
    values,
    set: (value: T) => {
      kept.write(key, value);
      set(value);
    },
  };
}

export type Preference<T extends string> = ReturnType<typeof preference<T>>;

/** What one chooses for this browser; the first value holds until then. */
export const preferences = {
  theme: preference<Theme>('theme', ['system', 'light', 'dark']),
  enter: preference<EnterKey>('enter', ['sends', 'breaks']),
  notices: preference<Notices>('notices', ['off', 'on']),
};

function showTheme(): void {
  const theme = preferences.theme.getSnapshot();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

preferences.theme.subscribe(showTheme);
showTheme();
