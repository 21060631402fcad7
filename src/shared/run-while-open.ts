import type { FastifyInstance } from 'fastify';

/** Starts the work when the server is ready, and waits for the end of it when the server closes. */
export function runWhileOpen(
  app: FastifyInstance,
  work: { readonly start: () => void; readonly stop: () => Promise<void> },
): void {
  app.addHook('onReady', (ready) => {
    work.start();
    ready();
  });
  app.addHook('onClose', () => work.stop());
}
