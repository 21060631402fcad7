/** What may wait for one client. */
const MAX_BYTES_OF_CLIENT = 1024 * 1024;
/** What may wait for all clients of the process. */
const MAX_BYTES = 96 * 1024 * 1024;
/** What is left to each however many there are: what a client that reads has waiting for an instant. */
const MIN_BYTES_OF_CLIENT = 64 * 1024;

interface Client {
  readonly waitingBytes: number;
}

/** How much may wait for a client: less when the clients of this process together have more waiting than there is room. */
export class WaitingBytes {
  limitBytes = MAX_BYTES_OF_CLIENT;

  /** @returns the clients for which too many bytes wait. */
  check<T extends Client>(clients: Iterable<T>): T[] {
    const holders: { readonly client: T; readonly bytes: number }[] = [];
    let bytes = 0;
    for (const client of clients) {
      const { waitingBytes } = client;
      bytes += waitingBytes;
      if (waitingBytes > MIN_BYTES_OF_CLIENT) holders.push({ client, bytes: waitingBytes });
    }
    if (bytes <= MAX_BYTES) {
      this.limitBytes = MAX_BYTES_OF_CLIENT;
      return [];
    }
    const share = Math.floor(MAX_BYTES / holders.length);
    this.limitBytes = Math.min(MAX_BYTES_OF_CLIENT, Math.max(MIN_BYTES_OF_CLIENT, share));
    return holders.filter((holder) => holder.bytes > this.limitBytes).map(({ client }) => client);
  }
}
