import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Whatever part of a log line carries one of these names is struck out. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'access_token', 'secret'];

/** Structured logs, one JSON object a line; on standard output unless another destination is given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' } }, destination ?? pino.destination(1));
}
