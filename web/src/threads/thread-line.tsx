import type { ShownMessage } from 'messenger-client';
import { useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { fullTime, moment } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';

const SHOWN = 3;

interface Props {
  readonly to: string;
  readonly thread: NonNullable<ShownMessage['thread']>;
  readonly unread: number;
  /** The language: times are said in it. */
  readonly language: string;
}

/** Below a message: its thread, and the way there. */
export function ThreadLine({ to, thread, unread }: Props) {
  const texts = useTexts();
  const people = useView(useClient().people);
  const { participants, reply_count, last_reply_at } = thread;
  return (
    <Link class="thread-line" to={to}>
      <span class="thread-people">
        {participants.slice(0, SHOWN).map((id) => {
          const person = people.get(id);
          return <Avatar key={id} id={id} name={person?.name ?? '?'} url={person?.avatar_url} />;
        })}
      </span>
      <strong>{texts.replies(reply_count)}</strong>
      {unread > 0 && <span class="thread-dot" role="img" aria-label={texts.unread(unread)} />}
      <time class="secondary" dateTime={last_reply_at} title={fullTime(last_reply_at)}>
        {moment(last_reply_at)}
      </time>
    </Link>
  );
}
