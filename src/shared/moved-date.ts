/** By how many ms the clock of a thread is wrong. Threads that share the memory have the same clock at every moment. */
export type ClockOffset = SharedArrayBuffer;

export function createClockOffset(): ClockOffset {
  return new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
}

export function readOffset(offset: ClockOffset): number {
  return Number(Atomics.load(new BigInt64Array(offset), 0));
}

export function addToOffset(offset: ClockOffset, ms: number): void {
  Atomics.add(new BigInt64Array(offset), 0, BigInt(ms));
}

/**
 * Moves the clock of this thread, for everything that asks `Date` in it from now on, libraries and WebAssembly included. Only
 * for tests: no server does it.
 */
export function moveDate(offset: ClockOffset): void {
  const RealDate = Date;
  const now = () => RealDate.now() + readOffset(offset);
  const MovedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as Date,
    apply: () => new RealDate(now()).toString(),
    get: (target, name, receiver) => (name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown)),
  });
  RealDate.prototype.constructor = MovedDate;
  globalThis.Date = MovedDate;
}
