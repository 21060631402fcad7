import fp from 'fastify-plugin';
import { badRequest } from '../shared/errors.js';

/** HTTP/1.1 wants a Host. Node would refuse a request without one by itself, and without the envelope. */
export const requiredHost = fp(
  (app, _options, done) => {
    app.addHook('onRequest', ({ raw }, _reply, next) => {
      next(raw.headers.host === undefined && raw.httpVersion === '1.1' ? badRequest() : undefined);
    });
    done();
  },
  { name: 'required-host', dependencies: ['errors'] },
);
