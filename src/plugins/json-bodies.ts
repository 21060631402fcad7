import { isUtf8 } from 'node:buffer';
import fp from 'fastify-plugin';
import { validationError } from '../shared/errors.js';
import { isTooDeep } from '../shared/json.js';
import { takeApart } from '../shared/large-inputs.js';
import { ownerOf } from './client-network.js';

/** Takes JSON and nothing else. An empty body may have any content type: many clients always send one. */
export const jsonBodies = fp(
  (app, _options, done) => {
    app.removeAllContentTypeParsers();
    const parse = app.getDefaultJsonParser('error', 'error');
    app.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, parsed) => {
      if (body.length === 0) {
        parsed(null, undefined);
        return;
      }
      const parseText = () => {
        const text = body.toString('utf8');
        if (isTooDeep(text)) parsed(validationError({ errors: { request: 'must not be nested so deep' } }), undefined);
        else void parse(request, text, parsed);
      };
      // Decoded all the same, each wrong byte would become the same replacement character: two passwords would be equal.
      if (!isUtf8(body)) {
        parsed(validationError({ errors: { request: 'must be UTF-8' } }), undefined);
        return;
      }
      // The caller checks the schema in the same turn.
      takeApart(ownerOf(request), body.length, parseText).catch((error: unknown) => {
        parsed(error as Error, undefined);
      });
    });
    done();
  },
  { name: 'json-bodies' },
);
