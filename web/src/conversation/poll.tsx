import type { Message, MessengerClient, ShownMessage } from 'messenger-client';
import { useClient } from '../app/account-context.js';
import { useView } from '../app/use-view.js';
import { useTexts, type Texts } from '../texts/index.js';
import type { MenuItem } from '../ui/menu.js';

export type ServedPoll = NonNullable<Message['poll']>;

/** As many options as a poll has at the most, and as many characters as one has. */
export const MAX_OPTIONS = 20;
export const LONGEST_OPTION = 100;

/** The poll of a message; undefined for none, and for one that the server does not have yet. */
export function pollOf({ id, poll }: ShownMessage): ServedPoll | undefined {
  return id === null ? undefined : (poll as ServedPoll | undefined);
}

/** What one may do with it beside voting. */
export function pollItems(
  client: MessengerClient,
  message: ShownMessage,
  texts: Texts,
  mayClose: boolean,
  onFailure: (error: unknown) => void,
  onVoters: () => void,
): MenuItem[] {
  const poll = pollOf(message);
  if (!poll || message.id === null) return [];
  const items: MenuItem[] = [];
  // Of an anonymous poll, and before the results are shown, nobody is named.
  if (!poll.anonymous && poll.voter_count) items.push({ label: texts.whoVoted, onChoose: onVoters });
  if (mayClose && poll.closed_at === undefined) {
    const given = { path: { message_id: message.id } };
    const close = () => void client.ask('POST', '/message/{message_id}/poll/close', given).catch(onFailure);
    items.push({ label: texts.closePoll, onChoose: close, question: texts.closePollSure });
  }
  return items;
}

interface Props {
  readonly messageId: number;
  readonly poll: ServedPoll;
  readonly nameOf: (userId: number) => string;
  /** Asks for one more option; undefined: the user may not write in the chat. */
  readonly onAdd: (() => void) | undefined;
  readonly onFailure: (error: unknown) => void;
}

/** What is asked, and what has been answered. A press votes, or takes the vote back. */
export function Poll({ messageId, poll, nameOf, onAdd, onFailure }: Props) {
  const client = useClient();
  const texts = useTexts();
  const mine = useView(client.own)?.[`vote:${messageId}`]?.option_ids ?? [];
  const isClosed = poll.closed_at !== undefined;
  const most = Math.max(1, ...poll.options.map(({ votes = 0 }) => votes));

  const vote = (id: number) => {
    const others = mine.filter((each) => each !== id);
    // Where one may choose one only, it takes the place of the other.
    const kept = poll.max_votes === 1 ? [] : others;
    const option_ids = mine.includes(id) ? others : [...kept, id];
    const given = { path: { message_id: messageId }, body: { option_ids } };
    client.ask('PUT', '/message/{message_id}/poll/votes', given).catch(onFailure);
  };

  return (
    <div class="poll" role="group" aria-label={poll.question}>
      <ul>
        {poll.options.map(({ id, text, votes, voters }) => {
          const named = voters?.map(nameOf).join(', ');
          return (
            <li key={id}>
              <button
                type="button"
                class="poll-option"
                aria-pressed={mine.includes(id)}
                disabled={isClosed}
                title={named}
                onClick={() => vote(id)}
              >
                <bdi>{text}</bdi>
                {votes !== undefined && (
                  <>
                    <span class="poll-votes">
                      {votes}
                      <span class="hidden">{` ${texts.votes(votes)}`}</span>
                    </span>
                    <progress max={most} value={votes} aria-hidden="true" />
                  </>
                )}
              </button>
            </li>
          );
        })}
      </ul>
      {onAdd && poll.may_add_options && !isClosed && poll.options.length < MAX_OPTIONS && (
        <button type="button" class="text-button" onClick={onAdd}>
          {texts.addPollOption}
        </button>
      )}
      <p class="poll-note">
        {[
          ...(isClosed ? [texts.pollClosed] : []),
          ...(poll.anonymous ? [texts.pollAnonymous] : []),
          ...(poll.max_votes > 1 && !isClosed ? [texts.pollSeveral(poll.max_votes)] : []),
          poll.voter_count === undefined ? texts.pollHidden : texts.voters(poll.voter_count),
        ].join(' · ')}
      </p>
    </div>
  );
}
