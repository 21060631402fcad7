// `npm run admin -- create|list|grant|revoke|two-factor-off` manages the admins of the database that the server uses, also while it runs.
import { parseArgs } from 'node:util';
import type { Database } from './database/index.js';
import {
  Registration,
  createAdmin,
  grantAdmin,
  listAdmins,
  normalizeNames,
  removeAsOperator,
  revokeAdmin,
} from './features/index.js';
import { Mailer } from './mail/index.js';
import { operate, type Command, type Tools } from './operate.js';
import { readPassword } from './password-prompt.js';
import { compileCheck } from './plugins/validation.js';
import { SecondFactors } from './second-factor/index.js';

const USAGE = `npm run admin -- create USERNAME EMAIL     (asks for the password, or reads it from a pipe)
npm run admin -- list
npm run admin -- grant USER
npm run admin -- revoke USER
npm run admin -- two-factor-off USER       (for who has lost the app and the recovery codes)

USER is an id, ext: and an id of the host application, a username or an e-mail address.`;

/** @returns undefined for what is no command. */
async function readCommand(args: string[]): Promise<Command | undefined> {
  const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
  const [command, ...names] = positionals;
  const [name, email] = names;
  if (command === 'list' && names.length === 0) return list;
  if (command === 'grant' && name !== undefined && names.length === 1) return (db) => grant(db, name);
  if (command === 'revoke' && name !== undefined && names.length === 1) return (db) => revoke(db, name);
  if (command === 'two-factor-off' && name !== undefined && names.length === 1)
    return (db, tools) => turnTwoFactorOff(db, tools, name);
  if (command !== 'create' || name === undefined || email === undefined || names.length > 2) return undefined;
  const registration = { username: name, email, password: await readPassword() };
  normalizeNames(registration);
  compileCheck(Registration)(registration);
  return async (db) => {
    const userId = await createAdmin(db, registration);
    console.error(`${registration.username} is an admin; their id is ${userId}.`);
  };
}

async function list(db: Database): Promise<void> {
  console.table(
    (await listAdmins(db)).map(({ id, username, email, suspended_at, last_seen_at }) => ({
      ...{ id: Number(id), username, email },
      ...{ suspended: suspended_at?.toISOString(), seen: last_seen_at?.toISOString() },
    })),
  );
}

async function grant(db: Database, who: string): Promise<void> {
  console.error((await grantAdmin(db, who)) ? `${who} is an admin.` : `${who} is an admin already.`);
}

async function revoke(db: Database, who: string): Promise<void> {
  console.error((await revokeAdmin(db, who)) ? `${who} is no admin any more.` : `${who} is no admin.`);
}

/** The server sends the mail about it. */
async function turnTwoFactorOff(db: Database, { config, log }: Tools, who: string): Promise<void> {
  const mailer = config.mail && new Mailer(config.mail, { db, log });
  try {
    const wasOn = await removeAsOperator(
      { db, mailer, secondFactors: new SecondFactors([config.jwt.secret], log) },
      who,
    );
    console.error(wasOn ? `${who} can log in with the password alone.` : `${who} has no second factor.`);
  } finally {
    await mailer?.stop();
  }
}

await operate(USAGE, readCommand);
