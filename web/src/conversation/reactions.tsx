import type { MessengerClient, ShownMessage } from 'messenger-client';
import { useTexts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

/** Those that people need most; any other that is there can be pressed, too. */
const EMOJIS = ['👍', '❤️', '😂', '🎉', '😮', '😢'];

type OnFailure = (error: unknown) => void;

function react(client: MessengerClient, messageId: number, emoji: string, isAdded: boolean, onFailure: OnFailure) {
  const given = { path: { message_id: messageId, emoji } };
  client.ask(isAdded ? 'PUT' : 'DELETE', '/message/{message_id}/reactions/{emoji}', given).catch(onFailure);
}

/** What one chooses to react with. */
export function reactionItems(client: MessengerClient, message: ShownMessage, onFailure: OnFailure): MenuItem[] {
  const { id, my_reactions: mine = [] } = message;
  if (id === null) return [];
  return EMOJIS.map((emoji) => ({
    label: emoji,
    onChoose: () => react(client, id, emoji, !mine.includes(emoji), onFailure),
  }));
}

interface Props {
  readonly client: MessengerClient;
  readonly message: ShownMessage;
  readonly nameOf: (userId: number) => string;
  readonly onFailure: OnFailure;
}

/** How people have reacted. A press joins them, or takes that back. */
export function Reactions({ client, message, nameOf, onFailure }: Props) {
  const texts = useTexts();
  const { id, reactions = [], my_reactions: mine = [] } = message;
  if (id === null || reactions.length === 0) return null;
  return (
    <ul class="reactions" aria-label={texts.reactions}>
      {reactions.map(({ emoji, count, first }) => {
        const isMine = mine.includes(emoji);
        const names = first.map(nameOf);
        const who = texts.reactedBy(names, count - names.length);
        return (
          <li key={emoji}>
            <button
              type="button"
              class="reaction"
              aria-pressed={isMine}
              aria-label={`${emoji}: ${who}`}
              title={who}
              onClick={() => react(client, id, emoji, !isMine, onFailure)}
            >
              <span class="reaction-emoji">{emoji}</span> {count}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
