import { createPublicKey } from 'node:crypto';
import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { JSONWebKeySet } from 'jose';
import { Environment } from './schema.js';

const MAX_ISSUERS = 5;
/** What this server's own tokens have. */
export const OWN_ISSUER = 'messenger-backend';
const MIN_SECRET_BYTES = 32;
const PUBLIC_KEY_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
const SECRET_ALGORITHMS = ['HS256'] as const;

/** An application whose users come with tokens of its own. */
export interface JwtIssuer {
  /** What its tokens have as `iss`. */
  readonly issuer: string;
  /** One of these is in the `aud` of its tokens. */
  readonly audience: readonly string[];
  readonly keys: JwtKeys;
  readonly algorithms: readonly JwtAlgorithm[];
  /** Which claim has what. */
  readonly claims: {
    readonly externalId: string;
    readonly name: string;
    readonly avatarUrl: string;
    readonly locale: string;
    /** undefined: tokens say nothing of teams. */
    readonly teams?: string | undefined;
  };
  /** Whether somebody of whom this server has not heard becomes a user. */
  readonly firstSight: 'create' | 'refuse';
}

/** With what its tokens are checked. */
type JwtKeys =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'set'; readonly set: JSONWebKeySet }
  | { readonly kind: 'secret'; readonly secret: string };

type JwtAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number] | (typeof SECRET_ALGORITHMS)[number];

const Name = Type.String({ minLength: 1 });

/** An issuer in JWT_ISSUERS. */
const Issuer = Type.Object(
  {
    issuer: Name,
    audience: Type.Union([Name, Type.Array(Name, { minItems: 1 })]),
    jwks_url: Type.Optional(Type.String()),
    jwks: Type.Optional(Type.Object({ keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1 }) })),
    secret: Type.Optional(Type.String()),
    algorithms: Type.Optional(
      Type.Array(Type.Union([...PUBLIC_KEY_ALGORITHMS, ...SECRET_ALGORITHMS].map((name) => Type.Literal(name))), {
        minItems: 1,
        uniqueItems: true,
      }),
    ),
    claims: Type.Optional(
      Type.Object(
        {
          external_id: Type.Optional(Name),
          name: Type.Optional(Name),
          avatar_url: Type.Optional(Name),
          locale: Type.Optional(Name),
          teams: Type.Optional(Name),
        },
        { additionalProperties: false },
      ),
    ),
    first_sight: Type.Optional(Type.Union([Type.Literal('create'), Type.Literal('refuse')])),
  },
  { additionalProperties: false },
);
type Issuer = Static<typeof Issuer>;
type Field = keyof Issuer;

/** What is wrong with a field ends the sentence "JWT_ISSUERS[0].field …". */
const MUST: Record<Field, string> = {
  issuer: 'must be the text that the tokens have as "iss"',
  audience: 'must be a text that the tokens have as "aud", or a list of such texts',
  jwks_url: 'must be an http:// or https:// URL without user',
  jwks: 'must be a JWK set, {"keys": […]}, of at least one public key and nothing but public keys',
  secret: `must be a text of at least ${MIN_SECRET_BYTES} bytes`,
  algorithms: 'must be a list of RS256, ES256 and EdDSA; with a secret it must be ["HS256"]',
  claims: 'must be an object whose external_id, name, avatar_url, locale and teams are names of claims',
  first_sight: 'must be "create" or "refuse"',
};

/** @param text valid, or undefined for none. */
export function jwtIssuers(text: string | undefined): JwtIssuer[] {
  const issuers = JSON.parse(text ?? '[]') as Issuer[];
  return issuers.map(({ issuer, audience, algorithms, claims, first_sight: firstSight, ...source }) => ({
    issuer,
    audience: [audience].flat(),
    keys: keysOf(source),
    algorithms: (algorithms as JwtAlgorithm[] | undefined) ?? [...algorithmsFor(source)],
    claims: {
      externalId: claims?.external_id ?? 'sub',
      name: claims?.name ?? 'name',
      avatarUrl: claims?.avatar_url ?? 'picture',
      locale: claims?.locale ?? 'locale',
      teams: claims?.teams,
    },
    firstSight: firstSight ?? 'create',
  }));
}

/** @returns a line for each mistake. None shows a value: it may be a secret. */
export function jwtIssuerErrors(text: string | undefined): string[] {
  const issuers = parseJson(text ?? '[]');
  if (!Array.isArray(issuers) || issuers.length > MAX_ISSUERS)
    return [`JWT_ISSUERS ${Environment.properties.JWT_ISSUERS.must}.`];
  const names = issuers.map((entry: unknown) => (entry as Partial<Issuer> | null)?.issuer);
  return issuers.flatMap((entry: unknown, index) => {
    const at = `JWT_ISSUERS[${index}]`;
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [`${at} must be an object.`];
    const lines = fieldErrors(entry).map(([field, wrong]) => `${at}.${field} ${wrong}.`);
    const { issuer, ...source } = entry as Partial<Issuer>;
    if (issuer !== undefined && names.indexOf(issuer) < index)
      lines.push(`${at}.issuer must be another one than that of JWT_ISSUERS[${names.indexOf(issuer)}].`);
    if (issuer === OWN_ISSUER) lines.push(`${at}.issuer must not be ${OWN_ISSUER}, which is this server.`);
    if (sourcesIn(source) !== 1) lines.push(`${at} must have one of jwks_url, jwks and secret, and only one.`);
    return lines;
  });
}

/** @returns the name of each wrong field, and what is wrong with it. */
function fieldErrors(entry: object): [field: string, wrong: string][] {
  const unknown = Object.keys(entry).filter((name) => !Object.hasOwn(Issuer.properties, name));
  const wrong = new Set(
    [...Value.Errors(Issuer, entry)]
      .map(({ path }) => path.split('/')[1] as Field)
      .filter((field) => Object.hasOwn(MUST, field)),
  );
  const { jwks_url: url, jwks, secret, algorithms } = entry as Partial<Issuer>;
  if (url !== undefined && !isPlainUrl(url)) wrong.add('jwks_url');
  if (jwks !== undefined && !wrong.has('jwks') && !jwks.keys.every(isPublicKey)) wrong.add('jwks');
  if (secret !== undefined && !wrong.has('secret') && Buffer.byteLength(secret) < MIN_SECRET_BYTES) wrong.add('secret');
  if (algorithms !== undefined && !wrong.has('algorithms')) {
    const allowed: readonly string[] = algorithmsFor({ secret });
    if (!algorithms.every((name) => allowed.includes(name))) wrong.add('algorithms');
  }
  return [
    ...[...wrong].map((field): [string, string] => [field, MUST[field]]),
    ...unknown.map((name): [string, string] => [name, 'is not known']),
  ];
}

type Source = Pick<Issuer, 'jwks_url' | 'jwks' | 'secret'>;

function sourcesIn({ jwks_url: url, jwks, secret }: Source): number {
  return [url, jwks, secret].filter((source) => source !== undefined).length;
}

function keysOf({ jwks_url: url, jwks, secret = '' }: Source): JwtKeys {
  if (url !== undefined) return { kind: 'url', url };
  return jwks === undefined ? { kind: 'secret', secret } : { kind: 'set', set: jwks };
}

/** Never both kinds: a public key, which everyone knows, could be taken for a secret. */
function algorithmsFor({ secret }: { secret?: unknown }): readonly JwtAlgorithm[] {
  return secret === undefined ? PUBLIC_KEY_ALGORITHMS : SECRET_ALGORITHMS;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The user in a URL would stand in logs, and fetch refuses it. */
function isPlainUrl(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

function isPublicKey(jwk: Record<string, unknown>): boolean {
  try {
    // Node would take the public half of a private key, which should not be here at all.
    return !('d' in jwk) && Boolean(createPublicKey({ key: jwk, format: 'jwk' }));
  } catch {
    return false;
  }
}
