import { defineError } from '../../shared/errors.js';

/** The spelling of the code is that of existing clients. */
export const alreadyAuthenticated = defineError(403, 'ALREADY_AUTHENICATED', 'You are logged in already.');
export const userExists = defineError(400, 'USER_EXISTS', 'This username or email is taken.');
export const wrongCredentials = defineError(400, 'WRONG_CREDENTIALS', 'Wrong username, email or password.');

/** The same with the fields that are taken. */
export function namesTaken({ username, email }: { readonly username: boolean; readonly email: boolean }) {
  return userExists({
    errors: {
      ...(username && { username: 'This username is taken.' }),
      ...(email && { email: 'This email is taken.' }),
    },
  });
}
