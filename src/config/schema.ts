import { Type, type Static, type TSchema } from '@sinclair/typebox';

/** What is wrong with a value ends the sentence "NAME …". */
function variable<T extends TSchema>(schema: T, must: string) {
  return { ...schema, must };
}

const POSTGRES_URL = '^postgres(ql)?://';
/** One URL, or several with commas between them. */
const urls = (scheme: string) => `${scheme}://[^,\\s]+(\\s*,\\s*${scheme}://[^,\\s]+)*`;
const REDIS_URL = urls('rediss?');
const NATS_URL = urls('(nats|tls)');
const PREFIX = '^[A-Za-z0-9:_-]{1,64}$';
const MUST_BE_PREFIX = 'must be 1 to 64 letters, digits, or any of : _ -';
const ADDRESS = '[^\\s<>@,;"]+@[^\\s<>@,;"]+';
/** An address, or a name and an address. No control character, so that nothing adds a header. */
const SENDER = `^(${ADDRESS}|[^<>\\u0000-\\u001f\\u007f]+<${ADDRESS}>)$`;
const MAX_PORT = 65_535;
const DAY_SECONDS = 86_400;
const EDIT_WINDOW = Type.Integer({ minimum: 0, maximum: 3650 * DAY_SECONDS, default: 0 });
const MUST_BE_EDIT_WINDOW = 'must be a whole number of seconds; 0 for no limit';

/** Every variable of the environment that the server reads; `.env.example` explains each. */
export const Environment = Type.Object({
  PORT: variable(Type.Integer({ minimum: 0, maximum: MAX_PORT, default: 8000 }), 'must be a port, 0 to 65535'),
  PUBLIC_URL: variable(
    Type.Optional(Type.String({ pattern: '^https?://' })),
    'must be the http:// or https:// URL at which clients reach the server, without user, query or fragment',
  ),
  HOST: variable(Type.String({ minLength: 1, default: '127.0.0.1' }), 'must be an address to listen on'),
  DATABASE_URL: variable(
    Type.Optional(Type.String({ pattern: POSTGRES_URL })),
    'must be a URL that begins with postgresql://',
  ),
  DATA_DIR: variable(Type.String({ minLength: 1, default: './data' }), 'must be a folder'),
  CLUSTER_URL: variable(
    Type.Optional(Type.String({ pattern: `^(${REDIS_URL}|${NATS_URL})$` })),
    'must be a URL that begins with redis:// or nats://',
  ),
  CLUSTER_PREFIX: variable(Type.Optional(Type.String({ pattern: PREFIX })), MUST_BE_PREFIX),
  REDIS_URL: variable(
    Type.Optional(Type.String({ pattern: `^${REDIS_URL}$` })),
    'must be a URL that begins with redis://',
  ),
  REDIS_CLUSTER: variable(
    Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'off' }),
    'must be "on" or "off"',
  ),
  REDIS_PREFIX: variable(Type.String({ pattern: PREFIX, default: 'messenger:' }), MUST_BE_PREFIX),
  JWT_SECRET: variable(Type.Optional(Type.String({ minLength: 1 })), 'must be at least 32 bytes long'),
  JWT_SECRET_PREVIOUS: variable(
    Type.Optional(Type.String({ minLength: 1 })),
    'must be the JWT_SECRET that was used before, at least 32 bytes long',
  ),
  ADMIN_TWO_FACTOR: variable(
    Type.Union([Type.Literal('required'), Type.Literal('off')], { default: 'off' }),
    'must be "required" or "off"',
  ),
  DEVELOPMENT: variable(
    Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'off' }),
    'must be "on" or "off"',
  ),
  // What is in it has a schema of its own.
  JWT_ISSUERS: variable(Type.Optional(Type.String()), 'must be a JSON array of at most 5 issuers'),
  LOG_LEVEL: variable(
    Type.Union(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map((level) => Type.Literal(level)),
      { default: 'info' },
    ),
    'must be one of fatal, error, warn, info, debug, trace, silent',
  ),
  LOG_REQUESTS_PER_SECOND: variable(
    Type.Integer({ minimum: 0, default: 100 }),
    'must be a whole number of requests a second, 0 or more',
  ),
  WEB_PAGE: variable(Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'on' }), 'must be "on" or "off"'),
  MIGRATE: variable(Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'on' }), 'must be "on" or "off"'),
  ACCESS_TOKEN_TTL: variable(
    Type.Integer({ minimum: 1, maximum: 3650 * DAY_SECONDS, default: 30 * DAY_SECONDS }),
    'must be a whole number of seconds, 1 or more',
  ),
  CORS_ORIGINS: variable(
    Type.String({ default: '' }),
    'must be "*" or a list of origins such as https://app.example.com or https://*.example.com, with commas between them',
  ),
  TRUST_PROXY: variable(
    Type.String({ pattern: '^(true|false|[0-9a-fA-F:./]+(\\s*,\\s*[0-9a-fA-F:./]+)*)?$', default: '' }),
    'must be "true", "false", or a list of the addresses of your proxies, with commas between them',
  ),
  RATE_LIMIT_CREDENTIALS: variable(
    Type.Integer({ minimum: 0, default: 1000 }),
    'must be a whole number of requests a minute; 0 for no limit',
  ),
  RATE_LIMIT_LOGIN_FAILURES: variable(
    Type.Integer({ minimum: 0, default: 100 }),
    'must be a whole number of failures in 15 minutes; 0 for no limit',
  ),
  RATE_LIMIT_REQUESTS: variable(
    Type.Integer({ minimum: 0, default: 60_000 }),
    'must be a whole number of requests a minute; 0 for no limit',
  ),
  RATE_LIMIT_SENDS: variable(
    Type.Integer({ minimum: 0, default: 12_000 }),
    'must be a whole number of messages a minute; 0 for no limit',
  ),
  RATE_LIMIT_CHATS: variable(
    Type.Integer({ minimum: 0, default: 600 }),
    'must be a whole number of chats an hour; 0 for no limit',
  ),
  RATE_LIMIT_PEOPLE: variable(
    Type.Integer({ minimum: 0, default: 100_000 }),
    'must be a whole number of people an hour; 0 for no limit',
  ),
  RATE_LIMIT_SEARCHES: variable(
    Type.Integer({ minimum: 0, default: 600 }),
    'must be a whole number of searches a minute; 0 for no limit',
  ),
  REPORT_REASONS: variable(
    Type.String({
      pattern: '^[a-z0-9_-]{1,64}( *, *[a-z0-9_-]{1,64}){0,19}$',
      default: 'spam,harassment,violence,sexual,illegal,other',
    }),
    'must be up to 20 words of a-z, 0-9, _ and -, with commas between them',
  ),
  MAX_CONCURRENT_REQUESTS: variable(
    Type.Integer({ minimum: 1, default: 500 }),
    'must be a number of requests, 1 or more',
  ),
  WORKERS: variable(Type.Integer({ minimum: 1, maximum: 64, default: 1 }), 'must be a number of processes, 1 to 64'),
  MAX_SOCKETS: variable(Type.Integer({ minimum: 0, default: 20_000 }), 'must be a number of sockets, 0 or more'),
  SOCKET_COMPRESSION: variable(
    Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'off' }),
    'must be "on" or "off"',
  ),
  DATABASE_POOL_SIZE: variable(
    Type.Integer({ minimum: 1, maximum: 1000, default: 16 }),
    'must be a number of connections, 1 to 1000',
  ),
  DATABASE_TIMEOUT_MS: variable(
    Type.Integer({ minimum: 1, maximum: 600_000, default: 5000 }),
    'must be a whole number of milliseconds, 1 to 600000',
  ),
  PUBLIC_GROUPS: variable(
    Type.Union([Type.Literal('on'), Type.Literal('off')], { default: 'off' }),
    'must be "on" or "off"',
  ),
  MESSAGE_MAX_LENGTH: variable(
    Type.Integer({ minimum: 1, maximum: 20_000, default: 2047 }),
    'must be a number of characters, 1 to 20000',
  ),
  EDIT_HISTORY_DAYS: variable(
    Type.Integer({ minimum: 0, maximum: 36_500, default: 30 }),
    'must be a whole number of days, 0 to 36500; 0 to keep nothing',
  ),
  EDIT_HISTORY_FOR: variable(
    Type.Union([Type.Literal('moderators'), Type.Literal('everyone')], { default: 'moderators' }),
    'must be "moderators" or "everyone"',
  ),
  EDIT_WINDOW_PRIVATE: variable(EDIT_WINDOW, MUST_BE_EDIT_WINDOW),
  EDIT_WINDOW_GROUP: variable(EDIT_WINDOW, MUST_BE_EDIT_WINDOW),
  METRICS_PORT: variable(Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_PORT })), 'must be a port, 0 to 65535'),
  METRICS_HOST: variable(Type.String({ minLength: 1, default: '127.0.0.1' }), 'must be an address to listen on'),
  SMTP_URL: variable(
    Type.Optional(Type.String({ pattern: '^smtps?://[^\\s]+$' })),
    'must be a URL that begins with smtp:// or smtps://',
  ),
  MAIL_FROM: variable(
    Type.Optional(Type.String({ pattern: SENDER })),
    'must be an address, or "Name <address>" in one line',
  ),
  MAIL_APP_NAME: variable(
    Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,64}$', default: 'Messenger' }),
    'must be a name of 1 to 64 characters, in one line',
  ),
  MAIL_COLOR: variable(
    Type.String({ pattern: '^#[0-9a-fA-F]{6}$', default: '#2563eb' }),
    'must be a color such as #2563eb',
  ),
  MAIL_LOGO_URL: variable(
    Type.Optional(Type.String({ pattern: '^https?://[^\\s]+$' })),
    'must be the http:// or https:// URL of a picture',
  ),
  MAIL_LINK_URL: variable(
    Type.Optional(Type.String({ pattern: '^https?://[^\\s]+$' })),
    'must be the http:// or https:// URL of a page that takes ?purpose= and ?token=',
  ),
  SHUTDOWN_DELAY_MS: variable(
    Type.Integer({ minimum: 0, maximum: 8000, default: 1000 }),
    'must be a whole number of milliseconds, 0 to 8000',
  ),
});

export type Environment = Static<typeof Environment>;
