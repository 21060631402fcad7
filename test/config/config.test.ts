import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseEnvFile } from '../../src/config/env-file.js';
import { ConfigError, Environment, loadConfig } from '../../src/config/index.js';
import { misspeltVariables } from '../../src/config/warnings.js';

const SECRET = 'a secret that is long enough for HS256';
const URL = 'postgresql://localhost/messenger';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'messenger-test-config-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

function linesOf(variables: Record<string, string>): readonly string[] {
  try {
    loadConfig(variables);
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  it('takes secrets from files, without the end of their last line', async () => {
    const path = await folder();
    const files = {
      DATABASE_URL: URL,
      CLUSTER_URL: 'redis://localhost',
      JWT_SECRET: SECRET,
      JWT_SECRET_PREVIOUS: `${SECRET} `,
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), `${text}\n`);
    const named = Object.keys(files).map((name) => [`${name}_FILE`, join(path, name)]);
    const config = loadConfig(Object.fromEntries(named) as Record<string, string>);
    expect(config.database.url).toBe(URL);
    expect(config.cluster?.urls).toEqual(['redis://localhost']);
    expect(config.jwt).toMatchObject({ secret: SECRET, previousSecret: `${SECRET} ` });
  });

  it('says which file of a secret can’t be used, and never what is in it', async () => {
    const path = await folder();
    await writeFile(join(path, 'empty'), '\n');
    await writeFile(join(path, 'short'), 'short secret');
    expect(linesOf({ JWT_SECRET_FILE: join(path, 'nowhere') })).toEqual([
      expect.stringMatching(/^JWT_SECRET_FILE can't be read: ENOENT/),
    ]);
    expect(linesOf({ JWT_SECRET_FILE: join(path, 'empty') })).toEqual(['JWT_SECRET_FILE names an empty file.']);
    expect(linesOf({ JWT_SECRET_FILE: join(path, 'short') })).toEqual(['JWT_SECRET must be at least 32 bytes long.']);
    expect(linesOf({ JWT_SECRET: SECRET, JWT_SECRET_FILE: join(path, 'short') })).toEqual([
      'JWT_SECRET and JWT_SECRET_FILE are both given. Give one of them.',
    ]);
  });

  it('takes a Redis or NATS for several processes, by its older name as well', () => {
    const clusterOf = (variables: Record<string, string>) =>
      loadConfig({ DATABASE_URL: URL, JWT_SECRET: SECRET, ...variables }).cluster;
    expect(clusterOf({ CLUSTER_URL: 'rediss://one' })).toEqual({
      kind: 'redis',
      urls: ['rediss://one'],
      prefix: 'messenger:',
    });
    expect(clusterOf({ CLUSTER_URL: 'nats://one,nats://two', CLUSTER_PREFIX: 'mine:' })).toEqual({
      kind: 'nats',
      urls: ['nats://one', 'nats://two'],
      prefix: 'mine:',
    });
    expect(clusterOf({ CLUSTER_URL: 'tls://one' })).toMatchObject({ kind: 'nats' });
    expect(clusterOf({ REDIS_URL: 'redis://one', REDIS_PREFIX: 'mine:' })).toEqual({
      kind: 'redis',
      urls: ['redis://one'],
      prefix: 'mine:',
    });
    const both = { DATABASE_URL: URL, JWT_SECRET: SECRET, CLUSTER_URL: 'redis://one', REDIS_URL: 'redis://two' };
    expect(linesOf(both)).toEqual([expect.stringMatching(/^CLUSTER_URL and REDIS_URL are both given\./)]);
  });

  it('has a default for everything', async () => {
    const DATA_DIR = await folder();
    expect(loadConfig({ DATA_DIR })).toEqual({
      port: 8000,
      host: '127.0.0.1',
      publicUrl: undefined,
      webPage: expect.stringMatching(/[\\/]web[\\/]dist$/),
      database: { url: undefined, dataDir: DATA_DIR, migrate: true, poolSize: 16, timeoutMs: 5000 },
      cluster: undefined,
      workers: 1,
      maxSockets: 20_000,
      socketCompression: false,
      jwt: { secret: expect.stringMatching(/^[0-9a-f]{64}$/), previousSecret: undefined, ttlSeconds: 2_592_000 },
      jwtIssuers: [],
      development: false,
      logLevel: 'info',
      logRequestsPerSecond: 100,
      corsOrigins: false,
      trustProxy: false,
      rateLimits: {
        credentials: 1000,
        loginFailures: 100,
        requests: 60_000,
        sends: 12_000,
        chats: 600,
        people: 100_000,
        searches: 600,
      },
      messages: {
        maxLength: 2047,
        editHistory: { days: 30, isForEveryone: false },
        editWindowSeconds: { private: 0, group: 0 },
      },
      publicGroups: false,
      maxConcurrentRequests: 500,
      twoFactor: { issuer: 'Messenger', isRequiredOfAdmins: false },
      reportReasons: ['spam', 'harassment', 'violence', 'sexual', 'illegal', 'other'],
      shutdownDelayMs: 1000,
    });
  });

  it('reads every variable', () => {
    const config = loadConfig({
      PORT: '80',
      HOST: '::',
      PUBLIC_URL: 'https://example.com/messenger/',
      DATABASE_URL: URL,
      PUBLIC_GROUPS: 'on',
      DATA_DIR: '/data',
      CLUSTER_URL: 'redis://one, redis://two',
      CLUSTER_PREFIX: 'test:',
      REDIS_CLUSTER: 'on',
      MAX_SOCKETS: '9',
      SOCKET_COMPRESSION: 'on',
      JWT_SECRET: SECRET,
      JWT_SECRET_PREVIOUS: `${SECRET} before`,
      DEVELOPMENT: 'off',
      ADMIN_TWO_FACTOR: 'required',
      JWT_ISSUERS: `[{ "issuer": "app", "audience": "messenger", "secret": "${SECRET}" }]`,
      LOG_LEVEL: 'debug',
      LOG_REQUESTS_PER_SECOND: '0',
      MESSAGE_MAX_LENGTH: '20000',
      EDIT_HISTORY_DAYS: '0',
      EDIT_HISTORY_FOR: 'everyone',
      EDIT_WINDOW_PRIVATE: '60',
      EDIT_WINDOW_GROUP: '3600',
      MAX_CONCURRENT_REQUESTS: '7',
      MIGRATE: 'off',
      WEB_PAGE: 'off',
      ACCESS_TOKEN_TTL: '60',
      CORS_ORIGINS: 'https://a.example.com, http://localhost:3000',
      TRUST_PROXY: '10.0.0.0/8',
      RATE_LIMIT_CREDENTIALS: '0',
      RATE_LIMIT_LOGIN_FAILURES: '7',
      RATE_LIMIT_REQUESTS: '8',
      RATE_LIMIT_SENDS: '9',
      RATE_LIMIT_CHATS: '10',
      RATE_LIMIT_PEOPLE: '11',
      RATE_LIMIT_SEARCHES: '12',
      REPORT_REASONS: 'spam, too_loud',
      DATABASE_POOL_SIZE: '3',
      DATABASE_TIMEOUT_MS: '250',
      SHUTDOWN_DELAY_MS: '0',
      SMTP_URL: 'smtps://user:password@smtp.example.com',
      MAIL_FROM: '"Ada, Inc." <ada@example.com>',
      MAIL_APP_NAME: 'Ada’s',
      MAIL_COLOR: '#00ff7F',
      MAIL_LOGO_URL: 'https://example.com/logo.png',
      MAIL_LINK_URL: 'https://example.com/confirm?from=mail',
    });
    expect(config).toEqual({
      port: 80,
      host: '::',
      publicUrl: 'https://example.com/messenger',
      webPage: undefined,
      database: { url: URL, dataDir: '/data', migrate: false, poolSize: 3, timeoutMs: 250 },
      cluster: { kind: 'redis-cluster', urls: ['redis://one', 'redis://two'], prefix: 'test:' },
      workers: 1,
      maxSockets: 9,
      socketCompression: true,
      jwt: { secret: SECRET, previousSecret: `${SECRET} before`, ttlSeconds: 60 },
      jwtIssuers: [expect.objectContaining({ issuer: 'app' })],
      development: false,
      logLevel: 'debug',
      logRequestsPerSecond: 0,
      corsOrigins: ['https://a.example.com', 'http://localhost:3000'],
      trustProxy: '10.0.0.0/8',
      rateLimits: { credentials: 0, loginFailures: 7, requests: 8, sends: 9, chats: 10, people: 11, searches: 12 },
      messages: {
        maxLength: 20_000,
        editHistory: { days: 0, isForEveryone: true },
        editWindowSeconds: { private: 60, group: 3600 },
      },
      publicGroups: true,
      maxConcurrentRequests: 7,
      reportReasons: ['spam', 'too_loud'],
      mail: {
        smtpUrl: 'smtps://user:password@smtp.example.com',
        from: { name: 'Ada, Inc.', address: 'ada@example.com' },
        appName: 'Ada’s',
        color: '#00ff7F',
        logoUrl: 'https://example.com/logo.png',
        linkUrl: 'https://example.com/confirm?from=mail',
      },
      twoFactor: { issuer: 'Ada’s', isRequiredOfAdmins: true },
      shutdownDelayMs: 0,
    });
    expect(Object.isFrozen(config)).toBe(true);
    expect(loadConfig({ DATABASE_URL: URL, JWT_SECRET: SECRET, CORS_ORIGINS: '*', TRUST_PROXY: 'true' })).toMatchObject(
      {
        corsOrigins: true,
        trustProxy: true,
      },
    );
  });

  it('takes an empty variable for one that is not there', async () => {
    expect(loadConfig({ DATA_DIR: await folder(), PORT: '', DATABASE_URL: '', JWT_SECRET: '' }).port).toBe(8000);
  });

  it('takes no notice of spaces around a value, but leaves a secret as it is', () => {
    const spaced = { PORT: ' 80\t', DATABASE_URL: `${URL} `, LOG_LEVEL: ' warn\r', JWT_SECRET: `${SECRET} ` };
    expect(loadConfig(spaced)).toMatchObject({
      port: 80,
      database: { url: URL },
      logLevel: 'warn',
      jwt: { secret: `${SECRET} ` },
    });
  });

  it.each([
    ['https://App.Example.com', 'https://app.example.com'],
    ['HTTPS://app.example.com', 'https://app.example.com'],
    ['https://app.example.com/', 'https://app.example.com'],
    ['https://app.example.com:443', 'https://app.example.com'],
    ['http://app.example.com:80/', 'http://app.example.com'],
    ['http://app.example.com:443', 'http://app.example.com:443'],
    ['https://müller.example', 'https://xn--mller-kva.example'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('takes the origin %s as browsers send it', (given, sent) => {
    expect(loadConfig({ JWT_SECRET: SECRET, CORS_ORIGINS: given }).corsOrigins).toEqual([sent]);
  });

  it.each([
    'app.example.com',
    'https://app.example.com/path',
    'https://app.example.com/?x',
    'https://app.example.com#x',
    'https://ada@app.example.com',
    'https://app.example.com:99999',
    'https://app.*.com',
    'https://*',
    'https://*.com',
    'https://*.',
    'https://*example.com',
    'https://*.*.example.com',
    'https://*.127.0.0.1',
    '*.example.com',
    'ftp://app.example.com',
    'file://',
    'null',
    '*, https://app.example.com',
    'https://app.example.com,',
    'https://app.example.com https://b.example.com',
    'https://',
  ])('refuses %s, which no browser would send', (CORS_ORIGINS) => {
    expect(linesOf({ JWT_SECRET: SECRET, CORS_ORIGINS })).toEqual([expect.stringMatching(/^CORS_ORIGINS must be /)]);
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '8000.5'],
    ['PUBLIC_URL', 'example.com/messenger'],
    ['PUBLIC_URL', 'ftp://example.com'],
    ['PUBLIC_URL', 'https://['],
    ['PUBLIC_URL', 'https://example.com:99999'],
    ['PUBLIC_URL', 'https://example.com/?a=b'],
    ['PUBLIC_URL', 'https://example.com/#top'],
    ['PUBLIC_URL', 'https://ada:secret@example.com'],
    ['PUBLIC_URL', 'https://example.com/two words'],
    ['DATABASE_URL', 'localhost'],
    ['CLUSTER_URL', 'http://localhost'],
    ['CLUSTER_URL', 'redis://one, nats://two'],
    ['CLUSTER_URL', 'nats://localhost:99999'],
    ['CLUSTER_PREFIX', 'two.words'],
    ['REDIS_URL', 'http://localhost'],
    ['REDIS_URL', 'nats://localhost'],
    ['REDIS_CLUSTER', 'yes'],
    ['REDIS_PREFIX', 'two words'],
    ['MAX_SOCKETS', '-1'],
    ['SOCKET_COMPRESSION', 'gzip'],
    ['JWT_SECRET', 'x'.repeat(31)],
    ['JWT_SECRET_PREVIOUS', 'x'.repeat(31)],
    ['JWT_ISSUERS', 'https://app.example.com'],
    ['JWT_ISSUERS', '{"issuer":"app"}'],
    ['JWT_ISSUERS', '[1,2,3,4,5,6]'],
    ['RATE_LIMIT_SENDS', '-1'],
    ['LOG_LEVEL', 'loud'],
    ['LOG_REQUESTS_PER_SECOND', '-1'],
    ['MAX_CONCURRENT_REQUESTS', '0'],
    ['MIGRATE', 'yes'],
    ['WEB_PAGE', 'yes'],
    ['ACCESS_TOKEN_TTL', '0'],
    ['CORS_ORIGINS', 'intranet'],
    ['CORS_ORIGINS', 'https://intranet/path'],
    ['TRUST_PROXY', 'nobody'],
    ['TRUST_PROXY', '999.1.1.1'],
    ['RATE_LIMIT_CREDENTIALS', '-1'],
    ['RATE_LIMIT_LOGIN_FAILURES', 'none'],
    ['DATABASE_POOL_SIZE', '0'],
    ['DATABASE_TIMEOUT_MS', '0'],
    ['SHUTDOWN_DELAY_MS', '8001'],
  ])('says in one line what is wrong with %s=%s, without the value', (name, value) => {
    const lines = linesOf({ JWT_SECRET: SECRET, [name]: value });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^${name} must .+\\.$`))]);
    if (value.length > 2) expect(lines[0]).not.toContain(value);
  });

  it('has a line for each wrong variable', () => {
    expect(linesOf({ PORT: 'x', MIGRATE: 'x', LOG_LEVEL: 'x', JWT_SECRET: SECRET })).toHaveLength(3);
  });

  it('wants a secret of one’s own with a real database', () => {
    expect(linesOf({ DATABASE_URL: URL })).toEqual([expect.stringContaining('JWT_SECRET is required')]);
  });

  it('refuses with a real database every secret that stands in the documents', () => {
    const documents = ['README.md', '.env.example', 'docker-compose.yml', 'docs/operating.md'];
    const samples = documents.flatMap((file) => {
      const text = readFileSync(join(import.meta.dirname, '../..', file), 'utf8');
      return [...text.matchAll(/JWT_SECRET[=:] *['"]?([A-Za-z0-9-]{8,})/g)].map(([, sample = '']) => sample);
    });
    expect(samples.length).toBeGreaterThan(0);
    for (const sample of samples) {
      expect(linesOf({ DATABASE_URL: URL, JWT_SECRET: sample }), sample).toEqual([
        expect.stringMatching(/^JWT_SECRET is a sample/),
      ]);
    }
  });
});

describe('the secret of the embedded database', () => {
  it('is made once and kept', async () => {
    const DATA_DIR = await folder();
    const { secret } = loadConfig({ DATA_DIR }).jwt;
    expect(loadConfig({ DATA_DIR }).jwt.secret).toBe(secret);
    expect(loadConfig({ DATA_DIR: await folder() }).jwt.secret).not.toBe(secret);
  });

  it('gives way to JWT_SECRET', async () => {
    const DATA_DIR = await folder();
    expect(loadConfig({ DATA_DIR, JWT_SECRET: SECRET }).jwt.secret).toBe(SECRET);
    expect(existsSync(join(DATA_DIR, 'jwt-secret'))).toBe(false);
  });

  it('is not made where none can be kept, nor taken when it is damaged', async () => {
    const DATA_DIR = await folder();
    await writeFile(join(DATA_DIR, 'jwt-secret'), '');
    expect(linesOf({ DATA_DIR })).toEqual([expect.stringContaining('jwt-secret in DATA_DIR is damaged')]);
    expect(linesOf({ DATA_DIR: join(DATA_DIR, 'jwt-secret') })).toEqual([
      expect.stringMatching(/^DATA_DIR can't be used/),
    ]);
  });

  it('stays what it is when the folder has one', async () => {
    const DATA_DIR = await folder();
    await writeFile(join(DATA_DIR, 'jwt-secret'), SECRET);
    expect(loadConfig({ DATA_DIR }).jwt.secret).toBe(SECRET);
  });
});

describe('.env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
  const lines = text.split('\n');

  it('explains every variable, and no other', () => {
    const named = lines.flatMap((line) => /^#? ?([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(named.sort()).toEqual(Object.keys(Environment.properties).sort());
    lines.forEach((line, index) => {
      if (/^#? ?[A-Z_]+=/.test(line)) expect(lines[index - 1], line).toMatch(/^# .+/);
    });
  });

  it('is taken as it stands, and with each of its comments taken away', async () => {
    const DATA_DIR = await folder();
    expect(linesOf({ ...parseEnv(text), DATA_DIR })).toEqual([]);
    const all = parseEnv(text.replaceAll(/^# ([A-Z_]+=)/gm, '$1'));
    expect(linesOf({ ...all, JWT_SECRET: SECRET, JWT_SECRET_PREVIOUS: SECRET })).toEqual([]);
  });
});

describe('.env', () => {
  const parse = (text: string) => parseEnvFile(Buffer.from(text));

  it.each([
    ['a byte order mark', '\ufeffPORT=80\nHOST=::\n'],
    ['line ends of Windows', 'PORT=80\r\nHOST=::\r\n'],
    ['both', '\ufeffPORT=80\r\nHOST=::'],
    ['export before the names', 'export PORT=80\nexport HOST=::\n'],
    ['quotes', `PORT="80"\nHOST='::'\n`],
    ['spaces', '  PORT = 80  \n\n\tHOST=:: # a comment\n'],
  ])('may have %s', (_name, text) => {
    expect(parse(text)).toEqual({ variables: { PORT: '80', HOST: '::' }, repeated: [] });
  });

  it('tells which variables are given more than once, of which the last one counts', () => {
    expect(parse('PORT=1\n# PORT=9\nexport PORT=2\nHOST=a\nDATA_DIR=HOST=b')).toMatchObject({
      variables: { PORT: '2', HOST: 'a' },
      repeated: ['PORT'],
    });
  });

  it('is refused in another encoding', () => {
    const text = 'PORT=80\n# Größe';
    for (const encoding of ['utf16le', 'latin1'] as const) {
      expect(() => parseEnvFile(Buffer.from(text, encoding))).toThrow('.env must be UTF-8');
    }
    expect(() => parseEnvFile(Buffer.from(`\ufeff${text}`, 'utf16le'))).toThrow('.env must be UTF-8');
  });
});

describe('a variable that has no effect', () => {
  const ours = Object.keys(Environment.properties);

  it.each([
    ['JWT_SECERT', 'JWT_SECRET'],
    ['JWTSECRET', 'JWT_SECRET'],
    ['DATABASE_URI', 'DATABASE_URL'],
    ['CORS_ORIGIN', 'CORS_ORIGINS'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['Redis_Url', 'REDIS_URL'],
    ['port', 'PORT'],
    ['RATE_LIMIT_CREDENTIAL', 'RATE_LIMIT_CREDENTIALS'],
  ])('is named when it looks like one of ours: %s', (name, meant) => {
    expect(misspeltVariables([name], ours)).toEqual([expect.stringMatching(new RegExp(`^${name} .*${meant}`))]);
  });

  it('is named when it can be nobody else’s', () => {
    expect(misspeltVariables(['RATE_LIMIT_SENDS_PER_YEAR'], ours)).toHaveLength(1);
  });

  it('is not named when it may be another program’s, nor one of ours', () => {
    const others = ['PATH', 'HOME', 'POST', 'HOSTNAME', 'PWD', 'NODE_ENV', 'POSTGRES_PASSWORD', 'LOG', 'TERM', 'SHELL'];
    expect(misspeltVariables([...others, ...ours], ours)).toEqual([]);
  });
});
