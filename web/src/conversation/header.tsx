import type { ShownChat } from 'messenger-client';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useChatHandle, useClient } from '../app/account-context.js';
import { go } from '../app/address.js';
import { useView } from '../app/use-view.js';
import { isMuted } from '../chats/chat-row.js';
import { disappearItems } from './disappear.js';
import { readsTold } from './reads-told.js';
import { useTexts } from '../texts/index.js';
import { moment } from '../texts/times.js';
import { Avatar } from '../ui/avatar.js';
import { IconButton } from '../ui/icon-button.js';
import { Menu } from '../ui/menu.js';
import { Problem } from '../ui/problem.js';

const FOR_EVER = '9999-12-31T00:00:00.000Z';

interface Props {
  readonly info: ShownChat;
  readonly hasDetails: boolean;
}

function usePresenceLine(info: ShownChat): string {
  const client = useClient();
  const texts = useTexts();
  const peerId = info.peer?.id;
  const presence = useView(useMemo(() => client.presence(peerId === undefined ? [] : [peerId]), [client, peerId]));
  const people = useView(client.people);
  const typists = useView(client.chat(info.id).typing);
  const [typist] = typists;
  if (typist !== undefined) {
    if (info.type === 'private') return texts.typing;
    return typists.length > 1
      ? texts.areTyping(typists.length)
      : texts.isTyping(people.get(typist)?.name ?? texts.somebody);
  }
  if (info.type === 'group') return texts.members(info.participant_count);
  const state = peerId === undefined ? undefined : presence.get(peerId);
  if (state?.online) return texts.isOnline;
  return state?.last_seen_at ? texts.lastSeen(moment(state.last_seen_at)) : '';
}

/** Whose chat it is, who is there, and what one does with the chat. */
export function Header({ info, hasDetails }: Props) {
  const texts = useTexts();
  const chat = useChatHandle(info.id);
  const line = usePresenceLine(info);
  const isOnline = line === texts.isOnline;
  const name = info.title || texts.somebody;
  const muted = isMuted(info);
  const [error, setError] = useState<unknown>();
  const client = useClient();
  const isToBeUnread = useRef(false);
  // Who sees it has read it: it is closed.
  const markUnread = () => {
    isToBeUnread.current = true;
    go(info.archived ? 'archive' : '');
  };
  // Only then: a read ends the mark, and what was seen last is told when the conversation goes.
  useEffect(
    () => () => {
      if (!isToBeUnread.current) return;
      isToBeUnread.current = false;
      void readsTold(client, info.id)
        .then(() => client.ask('POST', '/chat/{chat_id}/unread', { path: { chat_id: info.id } }))
        .catch(() => undefined);
    },
    [client, info.id],
  );
  const folders = useView(client.own)?.folders?.folders ?? [];
  const move = (folder_id: string, method: 'PUT' | 'DELETE') => {
    const path = { folder_id, chat_id: info.id };
    void client.ask(method, '/user/folders/{folder_id}/chats/{chat_id}', { path }).catch(() => undefined);
  };
  const showDetails = () => go(hasDetails ? `c/${info.id}` : `c/${info.id}/info`);
  return (
    <>
      <div class="bar">
        <IconButton class="back" icon="back" label={texts.back} onClick={() => go(info.archived ? 'archive' : '')} />
        <button type="button" class="bar-who" aria-expanded={hasDetails} title={texts.details} onClick={showDetails}>
          <Avatar
            id={info.peer?.id ?? info.id}
            name={name}
            url={info.peer ? info.peer.avatar_url : info.avatar_url}
            isOnline={isOnline}
          />
          <span>
            <span class="bar-name" role="heading" aria-level={1}>
              <bdi>{name}</bdi>
            </span>
            <span class="bar-line" aria-live="polite">
              {line}
            </span>
          </span>
        </button>
        <Menu
          label={texts.more}
          items={[
            { label: texts.details, onChoose: showDetails },
            {
              label: info.pinned ? texts.unpin : texts.pin,
              onChoose: () => chat.settings({ pinned: !info.pinned }),
            },
            ...folders.map(({ id, name, chat_ids }) => {
              const isIn = chat_ids.includes(info.id);
              return {
                label: isIn ? texts.takeFromFolder(name) : texts.putIntoFolder(name),
                onChoose: () => move(id, isIn ? 'DELETE' : 'PUT'),
              };
            }),
            ...disappearItems(client, info, texts, setError),
            { label: texts.markUnread, onChoose: markUnread },
            {
              label: muted ? texts.unmute : texts.mute,
              onChoose: () => chat.settings({ muted_until: muted ? null : FOR_EVER }),
            },
            {
              label: info.archived ? texts.unarchive : texts.archive,
              onChoose: () => chat.settings({ archived: !info.archived }),
            },
          ]}
        />
      </div>
      {error !== undefined && <Problem error={error} />}
    </>
  );
}
