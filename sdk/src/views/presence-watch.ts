import type { Replica } from '../replica.js';
import type { Session } from '../session.js';
import { viewOf, type View } from '../view.js';
import type { UserPresence } from '../wire.js';

/** As many as a frame may name. */
const AT_ONCE = 500;

/** Whether people are there, by their ids. Nothing is known of those who are left out. */
export type Presence = ReadonlyMap<number, UserPresence>;

/** Asks the server about those whom somebody looks at, for as long as somebody does. */
export class PresenceWatch {
  readonly #replica: Replica;
  readonly #watched = new Map<number, number>();
  #session: Pick<Session, 'tell'> | undefined;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** A new session knows of nobody. */
  attach(session: Pick<Session, 'tell'>): void {
    this.#session = session;
    this.#tell('presence.subscribe', [...this.#watched.keys()]);
  }

  view(ids: readonly number[]): View<Presence> {
    const compute = (previous: Presence | undefined) => {
      const known = ids.flatMap((id) => this.#replica.presence.get(id) ?? []);
      const isSame = previous?.size === known.length && known.every((each) => previous.get(each.user_id) === each);
      return isSame ? previous : new Map(known.map((each) => [each.user_id, each]));
    };
    return viewOf([this.#replica.presenceTopic], compute, () => this.#watch(ids));
  }

  #watch(ids: readonly number[]): () => void {
    const fresh = ids.filter((id) => !this.#watched.has(id));
    for (const id of ids) this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#tell('presence.subscribe', fresh);
    return () => {
      const gone = ids.filter((id) => {
        const left = (this.#watched.get(id) ?? 1) - 1;
        if (left > 0) this.#watched.set(id, left);
        else this.#watched.delete(id);
        return left === 0;
      });
      this.#tell('presence.unsubscribe', gone);
      for (const id of gone) this.#replica.presence.delete(id);
    };
  }

  /** The answer comes as an event: so it is in its order among what happens. */
  #tell(type: 'presence.subscribe' | 'presence.unsubscribe', ids: readonly number[]): void {
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      this.#session?.tell({ type, user_ids: ids.slice(from, from + AT_ONCE) });
    }
  }
}
