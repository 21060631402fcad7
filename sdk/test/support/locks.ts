/** The Web Locks of a browser, as far as a client needs them: one holds a name, the others wait in their order. */
export class Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  async request(name: string, { signal }: { readonly signal: AbortSignal }, use: () => Promise<void>): Promise<void> {
    const queue = this.#queues.get(name);
    if (queue) {
      await new Promise<void>((resolve, reject) => {
        queue.push(resolve);
        signal.addEventListener('abort', () => {
          queue.splice(0, queue.length, ...queue.filter((each) => each !== resolve));
          reject(signal.reason as Error);
        });
      });
    } else this.#queues.set(name, []);
    await use();
    const next = this.#queues.get(name)?.shift();
    if (next) next();
    else this.#queues.delete(name);
  }
}
