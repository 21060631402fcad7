import { promisify } from 'node:util';
import { readOffset, type ClockOffset } from '../../shared/moved-date.js';

const real = { setTimeout, setInterval, clearTimeout };

type Call = (...values: unknown[]) => void;

/** Node.js lets a number stand for a timer. */
type Handle = MovedTimer | string | number | null | undefined;

/**
 * Timers of this thread that follow a clock which a test moves. When it is moved, those are due that would not keep a process
 * alive: work that waits for its time. The others are deadlines of something that is under way, for which no time has passed.
 */
export class MovedTimers {
  readonly #offset: ClockOffset;
  readonly #running = new Map<number, MovedTimer>();
  #lastId = 0;

  constructor(offset: ClockOffset) {
    this.#offset = offset;
  }

  /** In place of the timers of this thread, for everything that asks for them from now on. */
  install(): void {
    const registry: Registry = { running: this.#running, now: () => this.#now() };
    const start = (repeats: boolean) => {
      return (call: Call, delayMs?: number, ...values: unknown[]) => {
        const work = () => {
          call(...values);
        };
        return new MovedTimer(registry, { id: ++this.#lastId, repeats, delayMs: delay(delayMs), work });
      };
    };
    const clear = (handle: Handle) => {
      if (handle instanceof MovedTimer) handle.close();
      else if (handle !== null && handle !== undefined) this.#running.get(Number(handle))?.close();
    };
    const promised = { [promisify.custom]: Reflect.get(real.setTimeout, promisify.custom) as unknown };
    Object.assign(globalThis, {
      setTimeout: Object.assign(start(false), promised),
      setInterval: start(true),
      clearTimeout: clear,
      clearInterval: clear,
    });
  }

  /** The clock has been moved: what is due happens, each once, in the order of its times. */
  wake(): void {
    const now = this.#now();
    const waiting = [...this.#running.values()].filter((timer) => !timer.hasRef());
    const due = waiting.filter(({ dueAt }) => dueAt <= now).sort((one, other) => one.dueAt - other.dueAt);
    for (const timer of waiting) if (timer.dueAt > now) timer.wait();
    // One may have cleared another.
    for (const timer of due) if (timer.isRunning) timer.fire();
  }

  #now(): number {
    return performance.now() + readOffset(this.#offset);
  }
}

interface Registry {
  readonly running: Map<number, MovedTimer>;
  now(): number;
}

interface TimerOptions {
  readonly id: number;
  readonly repeats: boolean;
  readonly delayMs: number;
  readonly work: () => void;
}

/** What setTimeout and setInterval return. */
class MovedTimer {
  dueAt = 0;
  readonly #registry: Registry;
  readonly #options: TimerOptions;
  #timer: NodeJS.Timeout | undefined;
  #isHeld = true;

  constructor(registry: Registry, options: TimerOptions) {
    this.#registry = registry;
    this.#options = options;
    this.refresh();
  }

  get isRunning(): boolean {
    return this.#registry.running.has(this.#options.id);
  }

  /** Waits for what is left until it is due. */
  wait(): void {
    real.clearTimeout(this.#timer);
    this.#timer = real.setTimeout(
      () => {
        this.fire();
      },
      Math.max(this.dueAt - this.#registry.now(), 0),
    );
    if (!this.#isHeld) this.#timer.unref();
  }

  fire(): void {
    if (this.#options.repeats) this.refresh();
    else this.close();
    this.#options.work();
  }

  refresh(): this {
    this.dueAt = this.#registry.now() + this.#options.delayMs;
    this.#registry.running.set(this.#options.id, this);
    this.wait();
    return this;
  }

  close(): this {
    real.clearTimeout(this.#timer);
    this.#registry.running.delete(this.#options.id);
    return this;
  }

  ref(): this {
    this.#isHeld = true;
    this.#timer?.ref();
    return this;
  }

  unref(): this {
    this.#isHeld = false;
    this.#timer?.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#isHeld;
  }

  [Symbol.toPrimitive](): number {
    return this.#options.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** As Node.js has it: what is no delay, or too long for a timer, is 1 ms. */
function delay(ms: unknown): number {
  const given = Number(ms ?? 1);
  return given >= 1 && given < 2 ** 31 ? given : 1;
}
