import { Prisma } from './generated/client.js';

// What PostgreSQL, the driver and Prisma say when the database cannot do its work now, though the request is right.
// Sources: https://www.postgresql.org/docs/current/errcodes-appendix.html,
// https://www.prisma.io/docs/orm/reference/error-reference
const UNAVAILABLE_CODES = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN', 'ENOENT'],
  ...['57014', '57P01', '57P02', '57P03', '53300', '25P03', '55P03'],
  ...['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'],
]);
const CONNECTION_EXCEPTION_CLASS = '08';
const UNAVAILABLE_KINDS = new Set(['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections']);
/** The driver gives these no code. */
const UNAVAILABLE_WORDS =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Cannot use a pool after)/;

/** Whether the database is away, overloaded or out of connections: another try may succeed. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, kind, originalCode } = { ...(error as object), ...(error.cause as object) } as Record<string, unknown>;
  const codes = [(error as { code?: unknown }).code, code, originalCode];
  return (
    codes.some(
      (item) =>
        typeof item === 'string' && (UNAVAILABLE_CODES.has(item) || item.startsWith(CONNECTION_EXCEPTION_CLASS)),
    ) ||
    (typeof kind === 'string' && UNAVAILABLE_KINDS.has(kind)) ||
    UNAVAILABLE_WORDS.test(error.message) ||
    isUnavailable(error.cause)
  );
}

/** Whether a row with the same unique key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}
