import type { MessengerClient } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { Link } from '../app/link.js';
import { useView } from '../app/use-view.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Empty } from '../ui/empty.js';
import { PanelHead } from '../ui/panel-head.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { enterJoined } from './enter-joined.js';
import { keptInvite } from './invite-address.js';

type Preview = Awaited<ReturnType<typeof readPreview>>;

function readPreview(client: MessengerClient, token: string) {
  return client.ask('POST', '/invite/preview', { body: { token } });
}

/** What an invite link leads to, and the way in. */
export function JoinGroup({ token }: { readonly token: string | undefined }) {
  const client = useClient();
  const texts = useTexts();
  const { state } = useView(client.connection);
  const [preview, setPreview] = useState<Preview>();
  const { isBusy, error, run } = useTask();

  useEffect(() => keptInvite.write(undefined), []);
  useEffect(() => {
    if (token === undefined || state !== 'online') return;
    run(async () => setPreview(await readPreview(client, token)));
  }, [client, token, state, run]);

  const join = () =>
    run(async () => {
      if (token === undefined) return;
      const { chat_id } = await client.ask('POST', '/invite/join', { body: { token } });
      if (chat_id === null) setPreview(await readPreview(client, token));
      else await enterJoined(client, chat_id);
    });

  const chatId = preview?.chat_id ?? null;
  return (
    <div class="panel">
      <PanelHead title={texts.invitation} />
      <div class="panel-body" aria-busy={isBusy}>
        {(token === undefined || (error !== undefined && !preview)) && (
          <Empty title={texts.noInvite} text={texts.noInviteText}>
            <Link class="button" to="">
              {texts.chats}
            </Link>
          </Empty>
        )}
        {preview && (
          <section class="section invite" aria-label={preview.name ?? texts.invitation}>
            <div class="card">
              <Avatar id={chatId ?? 0} name={preview.name ?? ''} url={preview.avatar_url} isLarge />
              <h2>
                <bdi>{preview.name}</bdi>
              </h2>
              <p class="secondary">{texts.members(preview.participant_count)}</p>
              {preview.description !== null && <p dir="auto">{preview.description}</p>}
            </div>
            <div role="status">{preview.has_asked && <p class="notice">{texts.hasAsked}</p>}</div>
            {chatId !== null ? (
              <button type="button" class="button" onClick={() => run(() => enterJoined(client, chatId))}>
                {texts.openGroup}
              </button>
            ) : (
              !preview.has_asked && (
                <button type="button" class="button" aria-disabled={isBusy} onClick={join}>
                  {preview.needs_approval ? texts.askToJoin : texts.join}
                </button>
              )
            )}
          </section>
        )}
        {preview && <Problem error={error} />}
      </div>
    </div>
  );
}
