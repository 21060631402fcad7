import { isUniqueViolation, type Database } from '../../database/index.js';
import { Registration, createUser, hashPassword, normalizeNames } from '../../features/index.js';
import { compileCheck } from '../../plugins/validation.js';
import { ApiError } from '../../shared/errors.js';
import type { Account } from './messages.js';

/** Of all users of the kit. */
const PASSWORD = 'correct horse battery staple';

type Registered = Omit<Account, 'token'>;

const check = compileCheck(Registration);

/** The users that a test asks for by their names, as POST /register leaves them, but for the mail to their address. */
export class Accounts {
  readonly #db: Database;
  readonly #createToken: (userId: number) => string;
  readonly #accounts = new Map<string, Promise<Registered>>();
  /** Made once, as a server makes it: to hash it for each user would take most of the time of many tests. */
  #hash: Promise<string> | undefined;

  constructor(db: Database, createToken: (userId: number) => string) {
    this.#db = db;
    this.#createToken = createToken;
  }

  /** Registers the user the first time. @throws Error for what is no username, and for one that the test has registered itself. */
  async get(username: string): Promise<Account> {
    const name = username.toLowerCase();
    const known = this.#accounts.get(name) ?? this.#register(username);
    this.#accounts.set(name, known);
    try {
      const account = await known;
      return { ...account, token: this.#createToken(account.id) };
    } catch (error) {
      this.#accounts.delete(name);
      throw error;
    }
  }

  async #register(username: string): Promise<Registered> {
    const registration = { username, email: `${username.toLowerCase()}@example.com`, password: PASSWORD };
    try {
      normalizeNames(registration);
      check(registration);
      this.#hash ??= hashPassword(PASSWORD, 'test kit');
      const id = await createUser(this.#db, { ...registration, password: await this.#hash });
      return { id, ...registration };
    } catch (error) {
      if (isUniqueViolation(error)) throw new Error(`The test has registered ${username} itself.`, { cause: error });
      if (!(error instanceof ApiError)) throw error;
      const [must] = Object.values(error.extras.errors ?? {});
      throw new Error(`The username "${username}" ${must ?? error.message}.`, { cause: error });
    }
  }
}
