import { problemOf } from '../account/problem.js';

/** What has gone wrong, said at once to those who can't see it. */
export function Problem({ error }: { readonly error: unknown }) {
  return (
    <div role="alert" class="problem-place">
      {error !== undefined && <p class="problem">{problemOf(error)}</p>}
    </div>
  );
}
