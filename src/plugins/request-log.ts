import { LogController, type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import { SecondBudget } from '../shared/second-budget.js';
import type { Logger } from '../shared/logger.js';

/** Requests that nobody wants to read about: a load balancer asks every second. */
const QUIET = /^\/(health|docs)\b/;

/**
 * One line for each request, when it has been answered. At ten thousand requests a second the lines
 * would take a fifth of the server's time: requests beyond a number a second are only counted.
 */
export class RequestLog extends LogController {
  readonly #log: Logger;
  readonly #lines: SecondBudget<'successes' | 'failures'>;

  /** @param perSecond lines for requests that succeeded, and as many for requests that failed. */
  constructor(log: Logger, perSecond: number) {
    super({ disableRequestLogging: (request) => QUIET.test(request.url) });
    // These lines have nothing but what is named below, so there is no secret to look for in each of them.
    this.#log = log.child({}, { redact: [] });
    this.#lines = new SecondBudget(perSecond, ({ successes = 0, failures = 0 }) => {
      this.#log.info({ successes, failures }, 'more requests completed');
    });
  }

  override incomingRequest(): void {
    // The line at the end says it all.
  }

  override requestCompleted(error: Error | null, request: FastifyRequest, reply: FastifyReply): void {
    if (this.isLogDisabled(request) || !(error || this.#log.isLevelEnabled('info'))) return;
    if (!this.#lines.take(error || reply.statusCode >= 400 ? 'failures' : 'successes')) return;
    const line = {
      reqId: request.id,
      req: { method: request.method, url: shownPath(request.url), remoteAddress: request.ip },
      res: { statusCode: reply.statusCode },
      responseTime: reply.elapsedTime,
    };
    if (error) this.#log.error({ ...line, err: error }, 'request errored');
    else this.#log.info(line, 'request completed');
  }
}

/** A part of a path that may be an e-mail address: the host application may have those as its ids. */
const EMAIL_PART = /[^/]*(?:@|%40)[^/]*/gi;

/** Without what clients may put into a query, such as a token or what they search for. */
function shownPath(url: string): string {
  const [path = ''] = url.split('?');
  return path.replace(EMAIL_PART, '[redacted]');
}

type Bindings = Parameters<FastifyBaseLogger['child']>[0];

/**
 * The logger of one request. It makes a child logger only when something is logged: few requests log anything, and making
 * one takes a twentieth of a request.
 */
class RequestLogger {
  #child: FastifyBaseLogger | undefined;

  constructor(
    private readonly parent: FastifyBaseLogger,
    private readonly bindings: Bindings,
  ) {}

  get level(): string {
    return this.parent.level;
  }

  child(bindings: Bindings): FastifyBaseLogger {
    return this.made().child(bindings);
  }

  made(): FastifyBaseLogger {
    return (this.#child ??= this.parent.child(this.bindings));
  }
}

for (const name of ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const) {
  Object.defineProperty(RequestLogger.prototype, name, {
    value(this: RequestLogger, ...args: unknown[]) {
      const made = this.made();
      Reflect.apply(made[name], made, args);
    },
  });
}

export function requestLogger(parent: FastifyBaseLogger, bindings: Bindings): FastifyBaseLogger {
  return new RequestLogger(parent, bindings) as unknown as FastifyBaseLogger;
}
