import { useState } from 'preact/hooks';
import { useAccount, useChatHandle } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { Composer } from '../conversation/composer.js';
import { MessageLog } from '../conversation/message-log.js';
import { Scheduled } from '../conversation/scheduled.js';
import { useWriting } from '../conversation/use-writing.js';
import { useTexts } from '../texts/index.js';
import { Empty } from '../ui/empty.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { threadMarkOf } from './thread-state.js';
import { useThread } from './use-thread.js';
import { useThreadReading } from './use-thread-reading.js';

interface Props {
  readonly chatId: number;
  /** The message whose thread it is. */
  readonly rootId: number;
}

/** A thread, beside its chat: what was answered to a message, and where one answers. */
export function ThreadPanel({ chatId, rootId }: Props) {
  const { client, userId } = useAccount();
  const chat = useChatHandle(chatId);
  const info = useView(chat.info);
  const own = useView(client.own);
  const texts = useTexts();
  const { isBusy, error, run } = useTask();
  const { root, list, loadOlder, isGone } = useThread(client, chat, rootId, Number(userId));
  const onSeen = useThreadReading(client, rootId);
  const { sends, onEdit, onAnswer, composer } = useWriting(() => list, userId);
  const followedFrom = threadMarkOf(own, rootId);
  const isFollowed = followedFrom !== undefined;
  /** What was read when one came: the line of what is new stays there until one writes. */
  const [mark] = useState(followedFrom);
  const follow = () =>
    run(() => {
      const path = { message_id: rootId };
      return client.ask(isFollowed ? 'DELETE' : 'PUT', '/message/{message_id}/thread/follow', { path });
    });

  if (!info || isGone) {
    return (
      <div class="panel">
        <PanelHead title={texts.thread} backTo={`c/${chatId}`} isCross />
        {isGone && (
          <Empty title={texts.noSuchThread} text={texts.noSuchThreadText}>
            <Link class="button" to={`c/${chatId}`}>
              {texts.back}
            </Link>
          </Empty>
        )}
      </div>
    );
  }
  return (
    <div class="conversation thread">
      <PanelHead title={texts.thread} note={info.title} backTo={`c/${chatId}`} isCross>
        <button type="button" class="text-button" aria-pressed={isFollowed} aria-disabled={isBusy} onClick={follow}>
          {isFollowed ? texts.unfollow : texts.follow}
        </button>
      </PanelHead>
      <Problem error={error} />
      <MessageLog
        info={info}
        list={list}
        loadOlder={loadOlder}
        label={texts.thread}
        mark={sends > 0 ? undefined : mark}
        unreadCount={0}
        sends={sends}
        onSeen={onSeen}
        onEdit={onEdit}
        onAnswer={onAnswer}
      />
      <Scheduled chatId={chatId} threadId={rootId} />
      {root && <Composer chatId={chatId} threadId={rootId} {...composer} />}
    </div>
  );
}
