import cluster from 'node:cluster';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Value } from '@sinclair/typebox/value';
import { ConfigError } from './config-error.js';
import { clusterErrors, clusterSettings, type ClusterSettings } from './cluster-settings.js';
import { developmentErrors } from './development.js';
import { embeddedSecret } from './embedded-secret.js';
import { readEnvFile } from './env-file.js';
import { jwtIssuerErrors, jwtIssuers, type JwtIssuer } from './jwt-issuers.js';
import { mailErrors, mailSettings, type MailSettings } from './mail-settings.js';
import { parseOrigin } from './origins.js';
import { Environment } from './schema.js';
import { SECRET_FILES, readSecretFiles } from './secret-files.js';
import { list } from './list.js';
import { misspeltVariables } from './warnings.js';

const MIN_SECRET_BYTES = 32;

/** Where its build leaves the page for browsers. */
const WEB_PAGE = fileURLToPath(new URL('../../web/dist', import.meta.url));

/** Secrets that stand in this repository's documents, and so are known to everyone. */
const SAMPLE_SECRETS = ['change-me-change-me-change-me-change-me'];

export interface Config {
  readonly port: number;
  readonly host: string;
  /** Where clients reach the server, without a slash at its end; undefined: at the address that they ask. */
  readonly publicUrl: string | undefined;
  /** The folder of the page for browsers; undefined: the server shows none. */
  readonly webPage: string | undefined;
  readonly database: {
    /** undefined: the embedded one. */
    readonly url: string | undefined;
    readonly dataDir: string;
    readonly migrate: boolean;
    readonly poolSize: number;
    readonly timeoutMs: number;
  };
  /** undefined: this process is the only one. */
  readonly cluster: ClusterSettings | undefined;
  readonly jwt: {
    readonly secret: string;
    /** Its tokens are still accepted, while it is replaced. */
    readonly previousSecret: string | undefined;
    readonly ttlSeconds: number;
  };
  /** Whether anyone may be anyone, by a token `dev:<external id>`. */
  readonly development: boolean;
  /** Whose tokens are accepted beside this server's own. */
  readonly jwtIssuers: readonly JwtIssuer[];
  readonly logLevel: string;
  /** How many of the successes, and how many of the failures, have a line of their own in the log. */
  readonly logRequestsPerSecond: number;
  /** true: every origin; false: none. A pattern stands for the subdomains of a domain. */
  readonly corsOrigins: boolean | readonly (string | RegExp)[];
  readonly trustProxy: boolean | string;
  readonly rateLimits: {
    // 0 is no limit.
    /** Requests to register or log in, a minute and network. */
    readonly credentials: number;
    /** Wrong passwords, in 15 minutes, for a network and account. */
    readonly loginFailures: number;
    /** Requests and frames, a minute and user. */
    readonly requests: number;
    /** Messages sent, a minute and user. */
    readonly sends: number;
    /** Chats opened, an hour and user. */
    readonly chats: number;
    /** People added to chats, an hour and user. */
    readonly people: number;
    /** Searches for users, a minute and user. */
    readonly searches: number;
  };
  readonly messages: {
    /** How many characters the contents of a new one have at the most. */
    readonly maxLength: number;
    /** How long earlier versions of a message are kept, 0: none is; and whether all read them who read the message. */
    readonly editHistory: { readonly days: number; readonly isForEveryone: boolean };
    /** How long after the send a message may be edited, by the type of its chat; 0: always. */
    readonly editWindowSeconds: { readonly private: number; readonly group: number };
  };
  /** Whether groups may be public: then people find and join them by themselves. */
  readonly publicGroups: boolean;
  /** Beyond this, requests that need an access token are refused. */
  readonly maxConcurrentRequests: number;
  /** How many processes share the port. */
  readonly workers: number;
  /** How many sockets may be open at once. */
  readonly maxSockets: number;
  /** Whether frames are compressed. */
  readonly socketCompression: boolean;
  /** Where Prometheus reads; undefined: nowhere. */
  readonly metrics: { readonly port: number; readonly host: string } | undefined;
  /** undefined: this server sends no mail. */
  readonly mail: MailSettings | undefined;
  readonly twoFactor: {
    /** The name of the host application, as apps for codes show it. */
    readonly issuer: string;
    /** Whether admins without a second factor are refused. */
    readonly isRequiredOfAdmins: boolean;
  };
  /** For what users may report messages, people and chats. */
  readonly reportReasons: readonly string[];
  readonly shutdownDelayMs: number;
}

/** @throws ConfigError that names every wrong variable. */
export function loadConfig(variables: Record<string, string | undefined>): Config {
  const environment = parse(readSecretFiles(variables));
  const dataDir = resolve(environment.DATA_DIR);
  return Object.freeze({
    port: environment.PORT,
    host: environment.HOST,
    webPage: environment.WEB_PAGE === 'on' ? WEB_PAGE : undefined,
    publicUrl: environment.PUBLIC_URL?.replace(/\/+$/, ''),
    database: {
      url: environment.DATABASE_URL,
      dataDir,
      migrate: environment.MIGRATE === 'on',
      poolSize: environment.DATABASE_POOL_SIZE,
      timeoutMs: environment.DATABASE_TIMEOUT_MS,
    },
    cluster: clusterSettings(environment),
    jwt: {
      secret: environment.JWT_SECRET ?? keptSecret(dataDir),
      previousSecret: environment.JWT_SECRET_PREVIOUS,
      ttlSeconds: environment.ACCESS_TOKEN_TTL,
    },
    development: environment.DEVELOPMENT === 'on',
    jwtIssuers: jwtIssuers(environment.JWT_ISSUERS),
    logLevel: environment.LOG_LEVEL,
    logRequestsPerSecond: environment.LOG_REQUESTS_PER_SECOND,
    corsOrigins:
      environment.CORS_ORIGINS === '*' ||
      (environment.CORS_ORIGINS !== '' && list(environment.CORS_ORIGINS).flatMap((text) => parseOrigin(text) ?? [])),
    trustProxy: trustProxy(environment.TRUST_PROXY),
    rateLimits: {
      credentials: environment.RATE_LIMIT_CREDENTIALS,
      loginFailures: environment.RATE_LIMIT_LOGIN_FAILURES,
      requests: environment.RATE_LIMIT_REQUESTS,
      sends: environment.RATE_LIMIT_SENDS,
      chats: environment.RATE_LIMIT_CHATS,
      people: environment.RATE_LIMIT_PEOPLE,
      searches: environment.RATE_LIMIT_SEARCHES,
    },
    messages: {
      maxLength: environment.MESSAGE_MAX_LENGTH,
      editHistory: { days: environment.EDIT_HISTORY_DAYS, isForEveryone: environment.EDIT_HISTORY_FOR === 'everyone' },
      editWindowSeconds: { private: environment.EDIT_WINDOW_PRIVATE, group: environment.EDIT_WINDOW_GROUP },
    },
    publicGroups: environment.PUBLIC_GROUPS === 'on',
    maxConcurrentRequests: environment.MAX_CONCURRENT_REQUESTS,
    workers: environment.WORKERS,
    maxSockets: environment.MAX_SOCKETS,
    socketCompression: environment.SOCKET_COMPRESSION === 'on',
    metrics:
      environment.METRICS_PORT === undefined
        ? undefined
        : { port: environment.METRICS_PORT, host: environment.METRICS_HOST },
    mail: mailSettings(environment),
    twoFactor: { issuer: environment.MAIL_APP_NAME, isRequiredOfAdmins: environment.ADMIN_TWO_FACTOR === 'required' },
    reportReasons: list(environment.REPORT_REASONS),
    shutdownDelayMs: environment.SHUTDOWN_DELAY_MS,
  });
}

/**
 * For programs: the configuration from the variables of the process and, under them, those of the file `.env`; or one line
 * for each wrong variable on standard error and exit code 1. What has no effect is a line there too.
 */
export function loadConfigOrExit(): Config {
  try {
    const { variables, repeated } = readEnvFile();
    const all = { ...variables, ...process.env };
    // The workers have the same ones.
    if (cluster.isPrimary) {
      for (const name of repeated) console.error(`${name} is given more than once in .env: the last one counts.`);
      for (const line of misspeltVariables(Object.keys(all), [...Object.keys(Environment.properties), ...SECRET_FILES]))
        console.error(line);
    }
    return loadConfig(all);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.lines) console.error(line);
    process.exit(1);
  }
}

function keptSecret(dataDir: string): string {
  let secret: string;
  try {
    secret = embeddedSecret(dataDir);
  } catch (error) {
    throw new ConfigError([`DATA_DIR can't be used: ${(error as Error).message}.`]);
  }
  if (Buffer.byteLength(secret) >= MIN_SECRET_BYTES) return secret;
  throw new ConfigError([
    'The file jwt-secret in DATA_DIR is damaged. Remove it to make another; all tokens end with it.',
  ]);
}

function trustProxy(text: string): boolean | string {
  return text === 'true' || (text !== '' && text !== 'false' && text);
}

function parse(variables: Record<string, string | undefined>): Environment {
  const names = Object.keys(Environment.properties) as (keyof Environment)[];
  // An empty variable is one that a compose file or a shell passes on without having it.
  const given = names.flatMap((name) => {
    const text = trimmed(name, variables[name]);
    return text ? [[name, toValue(name, text)]] : [];
  });
  const values = Value.Default(Environment, Object.fromEntries(given)) as Environment;
  const wrong = new Set([...Value.Errors(Environment, values)].map(({ path }) => path.slice(1) as keyof Environment));
  if (values.CORS_ORIGINS !== '*' && values.CORS_ORIGINS !== '' && !list(values.CORS_ORIGINS).every(parseOrigin))
    wrong.add('CORS_ORIGINS');
  if (values.PUBLIC_URL !== undefined && !isPlainUrl(values.PUBLIC_URL)) wrong.add('PUBLIC_URL');
  for (const name of ['CLUSTER_URL', 'REDIS_URL'] as const)
    if (!list(values[name] ?? '').every((url) => url === '' || URL.canParse(url))) wrong.add(name);
  for (const name of ['SMTP_URL', 'MAIL_LOGO_URL', 'MAIL_LINK_URL'] as const)
    if (!URL.canParse(values[name] ?? 'about:blank')) wrong.add(name);
  if (!list(values.TRUST_PROXY).every(isAddressOrWord)) wrong.add('TRUST_PROXY');
  const lines = [...wrong].map((name) => `${name} ${Environment.properties[name].must}.`);
  if (!wrong.has('DATABASE_URL') && !wrong.has('JWT_SECRET')) lines.push(...secretErrors(values));
  lines.push(
    ...clusterErrors(values, wrong),
    ...jwtIssuerErrors(values.JWT_ISSUERS),
    ...mailErrors(values, wrong),
    ...(values.DEVELOPMENT === 'on' ? developmentErrors(values) : []),
  );
  if (lines.length > 0) throw new ConfigError(lines);
  return values;
}

/** No secret in it, and nothing that could not stand before a path. */
function isPlainUrl(text: string): boolean {
  return !/[\s?#]/.test(text) && URL.canParse(text) && new URL(text).username === '' && new URL(text).password === '';
}

/** An address, with the length of its network or without, or one of the words that stand for none and all. */
function isAddressOrWord(text: string): boolean {
  const [address = '', length = '0'] = text.split('/');
  return ['', 'true', 'false'].includes(text) || (isIP(address) !== 0 && /^\d{1,3}$/.test(length));
}

/** Without the spaces that came with it; but a secret is taken as it is, or the tokens that it has signed would end. */
function trimmed(name: keyof Environment, text: string | undefined): string | undefined {
  return name.startsWith('JWT_SECRET') ? text : text?.trim();
}

/** A number where the schema wants one and the text is one; otherwise the text, for the schema to judge. */
function toValue(name: keyof Environment, text: string): string | number {
  return Environment.properties[name].type === 'integer' && /^-?\d+$/.test(text) ? Number(text) : text;
}

function secretErrors({
  JWT_SECRET: secret,
  JWT_SECRET_PREVIOUS: previous,
  DATABASE_URL: databaseUrl,
}: Environment): string[] {
  if (previous !== undefined && Buffer.byteLength(previous) < MIN_SECRET_BYTES) {
    return [`JWT_SECRET_PREVIOUS ${Environment.properties.JWT_SECRET_PREVIOUS.must}.`];
  }
  if (secret === undefined) {
    return databaseUrl === undefined
      ? []
      : ['JWT_SECRET is required with DATABASE_URL. Make one: openssl rand -hex 32'];
  }
  if (Buffer.byteLength(secret) < MIN_SECRET_BYTES) return [`JWT_SECRET ${Environment.properties.JWT_SECRET.must}.`];
  if (databaseUrl !== undefined && [secret, previous].some((one) => SAMPLE_SECRETS.includes(one ?? ''))) {
    return ['JWT_SECRET is a sample that everyone knows. Make one of your own: openssl rand -hex 32'];
  }
  return [];
}
