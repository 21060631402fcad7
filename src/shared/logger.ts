import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Fields of log lines with these names are redacted. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'access_token', 'secret'];

/** Structured logs, one JSON object a line; on standard output unless another destination is given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' } }, destination ?? pino.destination(1));
}
