import { useEffect, useRef, useState } from 'preact/hooks';
import { useTexts } from '../texts/index.js';
import { useClient } from './account-context.js';
import { useView } from './use-view.js';

const BACK_MS = 2000;
/** Most connections come about sooner, and nobody has to know. */
const PATIENCE_MS = 1500;

/** Says that there is no connection, and for a moment that it is back. */
export function ConnectionBar() {
  const { state } = useView(useClient().connection);
  const texts = useTexts();
  const [shown, setShown] = useState<'offline' | 'back'>();
  const wasOffline = useRef(false);

  useEffect(() => {
    if (state === 'online') {
      if (!wasOffline.current) return;
      wasOffline.current = false;
      setShown('back');
      const timer = setTimeout(() => setShown(undefined), BACK_MS);
      return () => clearTimeout(timer);
    }
    const say = () => {
      wasOffline.current = true;
      setShown('offline');
    };
    const timer = setTimeout(say, state === 'offline' || !navigator.onLine ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);

  return (
    <div class="connection" role="status" data-shown={shown}>
      {shown === 'offline' && <p>{texts.offline}</p>}
      {shown === 'back' && <p>{texts.online}</p>}
    </div>
  );
}
