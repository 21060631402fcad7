import { useTexts } from '../texts/index.js';
import { go } from './address.js';
import { Chooser } from './chooser.js';

/** Goes to a chat or a page by a few letters of its name. */
export function Switcher({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  const pages = [
    { to: 'new', label: texts.newChat, icon: 'pencil' },
    { to: 'threads', label: texts.threads, icon: 'thread' },
    { to: 'settings', label: texts.settings, icon: 'gear' },
    { to: 'archive', label: texts.archived, icon: 'archive' },
  ] as const;
  return <Chooser label={texts.goTo} others={pages} onChoose={({ to }) => go(to)} onClose={onClose} />;
}
