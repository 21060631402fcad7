import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { isMutedPerson } from '../app/muted-people.js';
import { useView } from '../app/use-view.js';
import { ReportDialog } from '../moderation/report-dialog.js';
import { useTexts } from '../texts/index.js';
import { Avatar } from '../ui/avatar.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';

export function PersonDetails({ personId }: { readonly personId: number }) {
  const client = useClient();
  const texts = useTexts();
  const person = useView(client.people).get(personId);
  const isBlocked = useView(client.blocked).some(({ id }) => id === personId);
  const isMuted = isMutedPerson(useView(client.own), personId);
  const { isBusy, error, run } = useTask();
  const [isReporting, setReporting] = useState(false);
  const [bio, setBio] = useState<string | null>();
  const setBlocked = () =>
    client.ask(isBlocked ? 'DELETE' : 'PUT', '/user/blocks/{user_id}', { path: { user_id: personId } });
  const setMuted = () =>
    isMuted
      ? client.ask('DELETE', '/user/mutes/{user_id}', { path: { user_id: personId } })
      : client.ask('PUT', '/user/mutes/{user_id}', { path: { user_id: personId }, body: {} });
  const shownBio = person?.bio ?? bio;

  // Of somebody who was only named along the way, the client does not know it.
  useEffect(() => {
    client.ask('GET', '/user/{user_id}', { path: { user_id: personId } }).then(
      (profile) => setBio(profile.bio),
      () => undefined,
    );
  }, [client, personId]);

  if (!person) return null;
  return (
    <>
      <div class="card">
        <Avatar id={person.id} name={person.name} url={person.avatar_url} isLarge />
        <h2>
          <bdi>{person.name}</bdi>
        </h2>
        <p class="secondary" dir="ltr">
          @{person.username}
        </p>
        {shownBio && <p dir="auto">{shownBio}</p>}
      </div>
      <Problem error={error} />
      <button
        type="button"
        class="wide-button"
        aria-disabled={isBusy}
        aria-describedby="mute-note"
        onClick={() => run(setMuted)}
      >
        {isMuted ? texts.unmute : texts.mute}
      </button>
      <p id="mute-note" class="secondary">
        {texts.muteNote}
      </p>
      <button
        type="button"
        class={isBlocked ? 'wide-button' : 'wide-button danger'}
        aria-disabled={isBusy}
        onClick={() => run(setBlocked)}
      >
        {isBlocked ? texts.unblock : texts.block}
      </button>
      <button type="button" class="wide-button danger" onClick={() => setReporting(true)}>
        {texts.report}
      </button>
      {isReporting && <ReportDialog about={{ user_id: personId }} onClose={() => setReporting(false)} />}
    </>
  );
}
