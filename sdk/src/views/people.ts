import type { Person } from '../held.js';
import type { Loader } from '../loader.js';
import type { Replica } from '../replica.js';
import { viewOf, type View } from '../view.js';

/** Who is who. */
export interface People {
  /** undefined: not known yet; then it is asked for, and the view changes. */
  readonly get: (userId: number) => Person | undefined;
}

/** Nobody is asked for again that could not be found, for as long as the page is there. */
export function peopleView(replica: Replica, loader: Loader): View<People> {
  const asked = new Set<number>();
  const get = (userId: number) => {
    const person = replica.person(userId);
    if (!person && !asked.has(userId)) {
      asked.add(userId);
      loader.person(userId).then(
        () => asked.delete(userId),
        () => undefined,
      );
    }
    return person;
  };
  return viewOf([replica.peopleTopic], () => ({ get }));
}
