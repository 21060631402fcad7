import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { enterJoined } from '../invites/enter-joined.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { SearchField } from '../ui/search-field.js';
import { useTask } from '../ui/use-task.js';
import { usePublicGroups } from './use-public-groups.js';

/** Where one finds and joins groups that everyone may join. */
export function PublicGroups() {
  const client = useClient();
  const texts = useTexts();
  const [text, setText] = useState('');
  const { groups, isDone, more, error: failure } = usePublicGroups(text);
  const { isBusy, error, run } = useTask();
  const join = (chatId: number) =>
    run(async () => {
      await client.ask('POST', '/chat/{chat_id}/join', { path: { chat_id: chatId } });
      await enterJoined(client, chatId);
    });

  return (
    <div class="panel">
      <PanelHead title={texts.publicGroups} backTo="new" />
      <div class="panel-body" aria-busy={!isDone && failure === undefined}>
        <SearchField label={texts.findGroups} value={text} onText={setText} onKeyDown={() => undefined} />
        <Problem error={error ?? failure} />
        <ul class="people" aria-label={texts.publicGroups}>
          {groups.map(({ chat_id: id, name, description, avatar_url, participant_count, is_member }) => (
            <li key={id} class="person">
              <div class="person-open">
                <Avatar id={id} name={name} url={avatar_url} />
                <div class="group-words">
                  <bdi class="person-name">{name}</bdi>
                  {description !== null && (
                    <p class="group-about" dir="auto">
                      {description}
                    </p>
                  )}
                  <p class="secondary">{texts.members(participant_count)}</p>
                </div>
              </div>
              {is_member ? (
                <Link class="text-button" to={`c/${id}`} aria-label={texts.openGroupOf(name)}>
                  {texts.openGroup}
                </Link>
              ) : (
                <button
                  type="button"
                  class="button"
                  aria-label={texts.joinGroupOf(name)}
                  aria-disabled={isBusy}
                  onClick={() => join(id)}
                >
                  {texts.join}
                </button>
              )}
            </li>
          ))}
        </ul>
        {more && (
          <button type="button" class="wide-button" aria-disabled={isBusy} onClick={() => run(more)}>
            {texts.showMore}
          </button>
        )}
        <div role="status">
          {isDone && groups.length === 0 && (
            <p class="hint">{text.trim() === '' ? texts.noPublicGroups : texts.nothingFound}</p>
          )}
        </div>
      </div>
    </div>
  );
}
