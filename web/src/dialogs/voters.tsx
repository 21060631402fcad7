import type { ShortUser } from 'messenger-client';
import { useEffect, useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';
import { useTexts } from '../texts/index.js';
import { Dialog } from '../ui/dialog.js';
import { IconButton } from '../ui/icon-button.js';
import { Problem } from '../ui/problem.js';
import { useTask } from '../ui/use-task.js';
import { PeopleSection } from './people-section.js';
import type { ServedPoll } from '../conversation/poll.js';

interface Props {
  readonly messageId: number;
  readonly poll: ServedPoll | undefined;
  readonly onClose: () => void;
}

interface OptionVoters {
  readonly people: readonly ShortUser[];
  /** Where the next page begins; null: these are all. */
  readonly next: string | null;
}

/** Who has voted for an option. */
function VotersOf({ messageId, optionId, title }: { messageId: number; optionId: number; title: string }) {
  const client = useClient();
  const texts = useTexts();
  const [{ people, next }, setVoters] = useState<OptionVoters>({ people: [], next: null });
  const { error, run } = useTask();
  const load = (cursor?: string) =>
    run(async () => {
      const given = {
        path: { message_id: messageId, option_id: optionId },
        query: cursor === undefined ? {} : { cursor },
      };
      const page = await client.ask('GET', '/message/{message_id}/poll/options/{option_id}/voters', given);
      setVoters((before) => ({ people: [...before.people, ...page.voters.map(({ user }) => user)], next: page.next }));
    });
  useEffect(load, []);
  return (
    <>
      <PeopleSection title={title} people={people} />
      <Problem error={error} />
      {next !== null && (
        <button type="button" class="text-button" onClick={() => load(next)}>
          {texts.showMore}
        </button>
      )}
    </>
  );
}

/** Who has voted in a poll, by what they have chosen. */
export function Voters({ messageId, poll, onClose }: Props) {
  const texts = useTexts();
  const chosen = poll?.options.filter(({ votes = 0 }) => votes > 0) ?? [];
  return (
    <Dialog label={texts.whoVoted} onClose={onClose}>
      <div class="bar">
        <h2 class="bar-title">{texts.whoVoted}</h2>
        <IconButton icon="close" label={texts.close} onClick={onClose} />
      </div>
      {chosen.map(({ id, text }) => (
        <VotersOf key={id} messageId={messageId} optionId={id} title={text} />
      ))}
    </Dialog>
  );
}
