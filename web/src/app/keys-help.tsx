import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { IconButton } from '../ui/icon-button.js';

const KEYS = [
  ['goAnywhere', ['Ctrl/⌘ K']],
  ['moveChats', ['Alt ↑', 'Alt ↓']],
  ['leave', ['Esc']],
  ['send', ['Enter', 'Ctrl/⌘ Enter']],
  ['lineBreak', ['Shift Enter']],
  ['editLast', ['↑']],
  ['help', ['?']],
] as const;

/** Which keys do what. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts();
  return (
    <Dialog label={texts.keysHelp} onClose={onClose}>
      <div class="bar">
        <h2 class="bar-title">{texts.keysHelp}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </div>
      <dl class="keys">
        {KEYS.map(([name, keys]) => (
          <div key={name}>
            <dt>{texts.keyNames[name]}</dt>
            <dd dir="ltr">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
