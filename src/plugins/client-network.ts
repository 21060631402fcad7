import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { networkOf } from '../shared/network.js';
import type { Owner } from '../shared/round-robin.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** The network of the client's address, under which limits count it; a trusted proxy has named the address. */
    readonly network: string;
  }
}

export const clientNetwork = fp(
  (app, _options, done) => {
    app.decorateRequest('network', {
      getter() {
        // On a Unix socket there is no address.
        const remote = this.socket.remoteAddress ?? '';
        const { ip } = this as { readonly ip: string | undefined };
        return networkOf(ip ?? remote, remote);
      },
    });
    done();
  },
  { name: 'client-network' },
);

/** Who is counted for a request: its user, else its API key, or its client's network as long as neither is known. */
export function ownerOf(request: FastifyRequest): Owner {
  if (request.userId !== 0) return request.userId;
  // Reading the network parses the address: not for those who are known.
  return request.apiKey ? `key ${request.apiKey.id}` : request.network;
}
