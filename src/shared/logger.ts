import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** Whatever part of a log line carries one of these names is struck out. */
const SECRETS = ['authorization', 'cookie', 'password', 'token', 'access_token', 'secret'];

/** Structured logs, one JSON object a line; on standard output unless another destination is given. */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  return pino({ level, redact: { paths, censor: '[redacted]' } }, destination ?? standardOutput());
}

/** A system call for each line would take longer than the line: they are written together, soon. */
function standardOutput(): DestinationStream {
  const stream = pino.destination({ dest: 1, minLength: 4096, periodicFlush: 200 });
  process.on('exit', () => {
    stream.flushSync();
  });
  return stream;
}
