import type { ShownChat } from 'messenger-client';
import { useState } from 'preact/hooks';
import { useClient } from '../app/account-context.js';

/** What members may be allowed. */
export const FOR_MEMBERS = ['send', 'mention_all', 'rename', 'add_member', 'invite'] as const;

interface Rules {
  readonly member_rights: (typeof FOR_MEMBERS)[number][];
  readonly slow_mode_seconds: number;
  readonly frozen: boolean;
  readonly history_from_now: boolean;
  readonly no_forward: boolean;
  readonly public: boolean;
}

/** Something that the user has chosen. It is shown at once, until the copy of the chat has come to where it was done. */
interface Chosen {
  readonly change: Partial<Rules>;
  /** undefined: it has not been answered yet. */
  readonly pts?: number;
}

/** The rules of a group. Each change is one of its own, so two people who change something else don't undo each other. */
export function useRules(info: ShownChat) {
  const client = useClient();
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const [error, setError] = useState<unknown>();
  const isAhead = ({ pts = Infinity }: Chosen) => info.pts < pts;
  const change = (change: Partial<Rules>) => {
    const now: Chosen = { change };
    const becomes = (next: readonly Chosen[]) =>
      setChosen((all) => all.flatMap((each) => (each === now ? next : [each])));
    setError(undefined);
    setChosen((all) => [...all.filter(isAhead), now]);
    client
      .ask('PATCH', '/chat/{chat_id}', { path: { chat_id: info.id }, query: { participants: 0 }, body: change })
      .then(
        ({ pts }) => becomes([{ change, pts }]),
        (failure: unknown) => {
          becomes([]);
          setError(failure);
        },
      );
  };
  const rules: Rules = {
    member_rights: FOR_MEMBERS.filter((right) => info.member_rights.some((each) => each === right)),
    slow_mode_seconds: info.slow_mode_seconds,
    frozen: info.frozen_at !== null,
    history_from_now: info.history_from_now,
    no_forward: info.no_forward,
    public: info.public,
  };
  const shown = chosen.filter(isAhead).reduce((all, { change }) => ({ ...all, ...change }), rules);
  return { rules: shown, change, error };
}
