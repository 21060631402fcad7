import fp from 'fastify-plugin';
import { badRequest, expectationFailed } from '../shared/errors.js';

/** What HTTP/1.1 wants of headers. Node would refuse it by itself, and without the envelope. */
export const requestHeaders = fp(
  (app, _options, done) => {
    app.addHook('onRequest', ({ raw: { headers, httpVersion } }, _reply, next) => {
      if (httpVersion !== '1.1') next();
      else if (headers.host === undefined) next(badRequest());
      else if (headers.expect !== undefined && headers.expect.toLowerCase() !== '100-continue')
        next(expectationFailed());
      else next();
    });
    done();
  },
  { name: 'request-headers', dependencies: ['errors'] },
);
