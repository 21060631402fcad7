import type { Ephemera } from '../ephemera.js';
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
  readonly #ephemera: Ephemera;
  readonly #watched = new Map<number, number>();
  #session: Session | undefined;

  constructor(replica: Replica, ephemera: Ephemera) {
    this.#replica = replica;
    this.#ephemera = ephemera;
  }

  /** A new session knows of nobody. */
  attach(session: Session): void {
    this.#session = session;
    this.#subscribe([...this.#watched.keys()]);
  }

  view(ids: readonly number[]): View<Presence> {
    const compute = (previous: Presence | undefined) => {
      const known = ids.flatMap((id) => this.#replica.presence.get(id) ?? []);
      const isSame = previous?.size === known.length && known.every((each) => previous.get(each.user_id) === each);
      return isSame ? previous : new Map(known.map((each) => [each.user_id, each]));
    };
    return viewOf([this.#replica.presenceTopic], compute, { onWatched: () => this.#watch(ids) });
  }

  #watch(ids: readonly number[]): () => void {
    const fresh = ids.filter((id) => !this.#watched.has(id));
    for (const id of ids) this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#subscribe(fresh);
    return () => {
      const gone = ids.filter((id) => {
        const left = (this.#watched.get(id) ?? 1) - 1;
        if (left > 0) this.#watched.set(id, left);
        else this.#watched.delete(id);
        return left === 0;
      });
      if (gone.length === 0) return;
      for (const user_ids of slices(gone)) this.#session?.tell({ type: 'presence.unsubscribe', user_ids });
      for (const id of gone) this.#replica.presence.delete(id);
    };
  }

  #subscribe(ids: readonly number[]): void {
    for (const user_ids of slices(ids)) {
      this.#session?.ask({ type: 'presence.subscribe', user_ids }).then(
        (states) => {
          this.#ephemera.presence((states ?? []) as UserPresence[]);
        },
        // The next session asks again.
        () => undefined,
      );
    }
  }
}

function slices(ids: readonly number[]): number[][] {
  return Array.from({ length: Math.ceil(ids.length / AT_ONCE) }, (_, index) =>
    ids.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );
}
