/** How long this client waits, in milliseconds. */
export interface Timing {
  /** The bounds of the wait before another try to connect: docs/realtime.md. */
  readonly backoffFirstMs: number;
  readonly backoffLongestMs: number;
  readonly openTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** After how much silence the client asks whether the server is there. */
  readonly silenceMs: number;
  /** How long after that it waits for any word. */
  readonly pongMs: number;
  /** Where sockets are blocked, after how long they are tried again at first. */
  readonly socketRetryMs: number;
  /** The bounds of the wait before `getToken` is called again after it has failed. */
  readonly tokenFirstMs: number;
  readonly tokenLongestMs: number;
  /** Those who are told to sync spread over so long. */
  readonly resyncSpreadMs: number;
}

export const TIMING: Timing = {
  backoffFirstMs: 500,
  backoffLongestMs: 30_000,
  openTimeoutMs: 10_000,
  answerTimeoutMs: 15_000,
  silenceMs: 25_000,
  pongMs: 10_000,
  socketRetryMs: 5000,
  tokenFirstMs: 1000,
  tokenLongestMs: 60_000,
  resyncSpreadMs: 2000,
};

/** A random wait, so that not all clients come at the same time; longer from try to try. */
export function backoffMs(tries: number, firstMs: number, longestMs: number): number {
  return Math.random() * Math.min(longestMs, firstMs * 2 ** tries);
}

/** Settles after a while, or at once when the signal is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (signal?.aborted) done();
    else signal?.addEventListener('abort', done);
  });
}
