import type { ShownMessage } from 'messenger-client';
import { useCallback, useState } from 'preact/hooks';
import type { ListedMessages } from './listed-messages.js';

/** Further back nobody corrects what they have just written. */
const RECENT = 50;

/** What one edits or answers where one writes. @param messages those among which what one has written last is looked for. */
export function useWriting(messages: () => Pick<ListedMessages, 'length' | 'at'>, userId: string) {
  const [edited, setEdited] = useState<ShownMessage>();
  const [answered, setAnswered] = useState<ShownMessage>();
  const [sends, setSends] = useState(0);
  const onEdit = useCallback((message: ShownMessage) => {
    setAnswered(undefined);
    setEdited(message);
  }, []);
  const onEdited = useCallback(() => setEdited(undefined), []);
  const onAnswer = useCallback((message: ShownMessage) => {
    setEdited(undefined);
    setAnswered(message);
  }, []);
  const onAnswered = useCallback(() => setAnswered(undefined), []);
  const editLast = () => {
    const recent = messages();
    for (let place = recent.length - 1; place >= Math.max(0, recent.length - RECENT); place--) {
      const message = recent.at(place);
      if (message && String(message.author_id) === userId && message.change !== 'delete') {
        setEdited(message);
        return;
      }
    }
  };
  const onSent = () => setSends((count) => count + 1);
  return { sends, onEdit, onAnswer, composer: { edited, onEdited, answered, onAnswered, editLast, onSent } };
}
