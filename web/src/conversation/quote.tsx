import type { ShownMessage } from 'messenger-client';
import { useTexts } from '../texts/index.js';
import { plainTextOf } from './formatting.js';
import { mentionName } from './mentions.js';
import type { ListedMessages } from './listed-messages.js';

type Quoted = NonNullable<ShownMessage['reply_to']>;

/** What a message answers; of one that waits the server has not said it yet. */
export function quotedIn(list: ListedMessages, { reply_to, reply_to_id: id }: ShownMessage): Quoted | undefined {
  if (reply_to || id === undefined) return reply_to;
  const answered = list.at(list.indexOf(id));
  return answered ? { id, author_id: answered.author_id, excerpt: answered.contents } : { id };
}

interface Props {
  readonly quoted: Quoted;
  readonly authorName: string;
  readonly nameOf: (userId: number) => string;
  readonly onOpen: (id: number) => void;
}

/** Above an answer: who said what. A press goes there. */
export function Quote({ quoted, authorName, nameOf, onOpen }: Props) {
  const texts = useTexts();
  const { id, author_id, deleted } = quoted;
  const excerpt = plainTextOf(quoted.excerpt ?? '', (whom) => mentionName(whom, nameOf, texts));
  if (author_id === undefined) {
    return <p class="quote quote-gone">{deleted ? texts.quoteDeleted : texts.quoteHidden}</p>;
  }
  return (
    <button type="button" class="quote" aria-label={texts.answerTo(authorName, excerpt)} onClick={() => onOpen(id)}>
      <bdi class="author">{authorName}</bdi>
      <bdi class="quote-text">{excerpt}</bdi>
    </button>
  );
}
