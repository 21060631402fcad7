import pg from 'pg';
import { Prisma } from './generated/client.js';

// What PostgreSQL, the driver and Prisma say when the database cannot do its work now, though the request is right.
// Sources: https://www.postgresql.org/docs/current/errcodes-appendix.html,
// https://www.prisma.io/docs/orm/reference/error-reference
const UNAVAILABLE_CODES = new Set([
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'EPIPE',
    'ETIMEDOUT',
    'ENOTFOUND',
    'EHOSTUNREACH',
    'EAI_AGAIN',
    'ENETUNREACH',
    'ENETDOWN',
    'EHOSTDOWN',
    'EADDRNOTAVAIL',
  ],
  ...['57014', '57P01', '57P02', '57P03', '57P04', '53300', '25006', '25P03', '40001', '40P01', '55P03'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'],
]);
const CONNECTION_EXCEPTION_CLASS = '08';
const UNAVAILABLE_KINDS = new Set<unknown>([
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
  'TooManyConnections',
]);
/** The driver gives these no code. */
const UNAVAILABLE_WORDS =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|Query read timeout|Cannot use a pool after)/;

/** What the errors of the driver, of its adapter and of Prisma have, each holding the one below it. */
interface Failure {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** Whether the database is away, overloaded or out of connections: another try may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, originalCode, kind, message, cause, meta } = error as Failure;
  return (
    isUnavailableCode(code) ||
    isUnavailableCode(originalCode) ||
    UNAVAILABLE_KINDS.has(kind) ||
    (typeof message === 'string' && UNAVAILABLE_WORDS.test(message)) ||
    isUnavailable(cause) ||
    isUnavailable(meta?.driverAdapterError)
  );
}

function isUnavailableCode(code: unknown): boolean {
  return typeof code === 'string' && (UNAVAILABLE_CODES.has(code) || code.startsWith(CONNECTION_EXCEPTION_CLASS));
}

const UNIQUE_VIOLATION = '23505';

/** Whether a row with the same unique key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError) return error.code === 'P2002';
  return error instanceof pg.DatabaseError && error.code === UNIQUE_VIOLATION;
}

/** Data that does not fit, a rule of a table, and having had to give way to another transaction in a deadlock. */
const REFUSED = /^(22|23|40P01)/;

/** Whether PostgreSQL has refused a statement for what is in it, and so kept nothing: a part of it may succeed. */
export function isRefused(error: unknown): boolean {
  return error instanceof pg.DatabaseError && REFUSED.test(error.code ?? '');
}

const FEATURE_NOT_SUPPORTED = '0A000';

/** Whether PostgreSQL has refused a prepared statement because its columns have another type now. The words are in the server's language. */
export function isOutdated(error: unknown): boolean {
  const { code, routine } = error instanceof pg.DatabaseError ? error : {};
  return code === FEATURE_NOT_SUPPORTED && routine === 'RevalidateCachedQuery';
}
