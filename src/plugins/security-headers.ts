import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fp from 'fastify-plugin';
import helmet from 'helmet';

/** What helmet says never depends on the request: it is asked once, and each answer gets the same headers. */
export const securityHeaders = fp(
  (app, _options, done) => {
    // What is answered is for one user, at this moment. What is for everybody, such as the files of /docs, says so itself.
    const headers = { ...helmetHeaders(), 'cache-control': 'no-store' };
    app.addHook('onRequest', (_request, reply, next) => {
      reply.headers(headers);
      next();
    });
    done();
  },
  { name: 'security-headers' },
);

function helmetHeaders(): Record<string, string> {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet({
    // Answers are data. A browser that shows one loads nothing for it, nor lets another page frame it.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
  })(request, response, (error) => {
    if (error !== undefined) throw new Error('The security headers could not be made.', { cause: error });
  });
  return response.getHeaders() as Record<string, string>;
}
