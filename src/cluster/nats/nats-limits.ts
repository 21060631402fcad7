import type { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Limiter, LimiterOptions } from '../../shared/rate-limit.js';
import type { Owner } from '../../shared/round-robin.js';
import { memoryLimiter } from '../memory-cluster.js';
import type { NatsLink } from './nats-link.js';

const SUBJECT = 'limits';

/** What a node has counted, for the others to count as well. */
interface Notice {
  readonly limit: string;
  readonly owner: Owner;
  /** Below 0: taken back. */
  readonly points: number;
}

/**
 * Each node counts in its memory what itself and the others let pass. So nobody waits for the network; what reaches several
 * nodes within the same few milliseconds can exceed a limit by that much. ADR 0015 has the alternatives.
 */
export class NatsLimits {
  readonly #link: NatsLink;
  readonly #limiters = new Map<string, RateLimiterMemory>();

  constructor(link: NatsLink) {
    this.#link = link;
    link.subscribe(SUBJECT, (text) => {
      this.#receive(JSON.parse(text) as Notice);
    });
  }

  create(options: LimiterOptions): Limiter {
    const { name: limit } = options;
    const limiter = memoryLimiter(options);
    this.#limiters.set(limit, limiter);
    return {
      consume: async (owner, points = 1) => {
        // Refusals are not published: the other nodes refuse as well.
        const result = await limiter.consume(owner, points);
        this.#tell({ limit, owner, points });
        return result;
      },
      reward: async (owner, points = 1) => {
        this.#tell({ limit, owner, points: -points });
        return limiter.reward(owner, points);
      },
    };
  }

  #tell(notice: Notice): void {
    if (notice.points !== 0) this.#link.publish(SUBJECT, JSON.stringify(notice));
  }

  #receive({ limit, owner, points }: Notice): void {
    const limiter = this.#limiters.get(limit);
    void (points > 0 ? limiter?.penalty(owner, points) : limiter?.reward(owner, -points));
  }
}
