import { Link } from '../app/link.js';
import { useTexts } from '../texts/index.js';
import { Icon } from '../ui/icon.js';
import { useUnreadThreads } from './use-unread-threads.js';

/** Above the chats, for those who follow threads: the way to them, and how many have something new. */
export function ThreadsLink() {
  const texts = useTexts();
  const { isAny, unread, hasMore } = useUnreadThreads();
  if (!isAny) return null;
  return (
    <Link class="chats-threads" to="threads">
      <Icon name="thread" /> {texts.threads}
      {unread > 0 && (
        <span class="badge">
          <span aria-hidden="true">{hasMore ? `${unread}+` : unread}</span>
          <span class="hidden">{texts.unreadThreads(unread)}</span>
        </span>
      )}
    </Link>
  );
}
