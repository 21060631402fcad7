import fp from 'fastify-plugin';
import FindMyWay from 'find-my-way';
import { methodNotAllowed, notFound } from '../shared/errors.js';
import { isNavigation, sendWebPage, type WebPage } from './web-page.js';

/**
 * Answers 404 where there is nothing, and 405 with `Allow` where there is something that takes other methods; with the page to
 * people who open such an address in a browser.
 */
export const notFoundHandler = fp<{ readonly page: WebPage | undefined }>(
  (app, { page }, done) => {
    const addresses = FindMyWay();
    const methodsOf = new Map<string, Set<string>>();
    app.addHook('onRoute', ({ url, method }) => {
      let methods = methodsOf.get(url);
      if (!methods) {
        methods = new Set();
        methodsOf.set(url, methods);
        addresses.on('GET', url, () => undefined, methods);
      }
      for (const item of [method].flat()) methods.add(item);
    });
    app.setNotFoundHandler((request, reply) => {
      if (page && isNavigation(request)) return sendWebPage(page, request, reply);
      const [path = '/'] = request.url.split('?');
      const methods = addresses.find('GET', path)?.store as Set<string> | undefined;
      // A route that takes the method has given its own 404, for example for a file.
      if (!methods || methods.has(request.method)) throw notFound();
      reply.header('Allow', [...methods].join(', '));
      throw methodNotAllowed();
    });
    done();
  },
  { name: 'not-found' },
);
