import type { Context } from '../../changes/index.js';
import { isBlank } from '../../shared/blank.js';
import { notAuthorized } from '../../shared/errors.js';
import { updateBio } from './users.queries.js';
import type { User } from './users.schemas.js';

/** @throws NOT_AUTHORIZED when the user is gone. */
export async function getMe({ statements }: Context, userId: number): Promise<User> {
  const user = await statements.user.find(userId);
  if (!user) throw notAuthorized();
  return user as User;
}

/** A bio in which nothing is to be seen becomes an empty one. @throws NOT_AUTHORIZED when the user is gone. */
export async function changeBio({ db }: Context, userId: number, bio: string): Promise<void> {
  if (!(await updateBio(db, userId, isBlank(bio) ? '' : bio))) throw notAuthorized();
}
