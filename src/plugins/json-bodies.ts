import fp from 'fastify-plugin';

/** Takes JSON and nothing else. A body that is not there is none, whatever its type: many clients name it always. */
export const jsonBodies = fp(
  (app, _options, done) => {
    app.removeAllContentTypeParsers();
    const parse = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, parsed) => {
      if (body === '') parsed(null, undefined);
      else void parse(request, body, parsed);
    });
    done();
  },
  { name: 'json-bodies' },
);
