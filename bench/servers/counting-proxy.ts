import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { MessageReader, SSL_REQUEST, messageType, textAt } from '../../src/database/embedded/wire.js';

export interface CountingProxy {
  /** The database's URL, through the proxy. */
  readonly url: string;
  /** Statements that have been executed through it so far, BEGIN and COMMIT among them. */
  count(): number;
  close(): void;
}

/** Whether the message has a statement executed; what a new connection says of itself is none of a request's. */
function isStatement(message: Buffer): boolean {
  return messageType(message) === 'E' || (messageType(message) === 'Q' && !textAt(message, 5).startsWith('SET '));
}

/** Stands between a server and its PostgreSQL, and counts: nothing has to be switched on in either. */
export async function startCountingProxy(databaseUrl: string): Promise<CountingProxy> {
  const target = new URL(databaseUrl);
  let count = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port || 5432), target.hostname);
    const reader = new MessageReader();
    let started = false;
    client.on('data', (chunk) => {
      upstream.write(chunk);
      reader.push(chunk);
      for (let message = reader.next(started); message; message = reader.next(started)) {
        if (!started) started = message.readInt32BE(4) !== SSL_REQUEST;
        else if (isStatement(message)) count++;
      }
    });
    upstream.pipe(client);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    count: () => count,
    close: () => server.close(),
  };
}
