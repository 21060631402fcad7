import type { FastifyPluginCallback } from 'fastify';
import { devMailboxPage, type DevMailbox } from '../mail/index.js';
import { PAGE_HEADERS } from './security-headers.js';

/** The page has a style of its own, and nothing else. */
const POLICY = "default-src 'none';style-src 'unsafe-inline';frame-ancestors 'none'";

/** Shows the mails that a server in development keeps: a page for people, JSON for tests. */
export const devMail: FastifyPluginCallback<{ readonly mailbox: DevMailbox }> = (app, { mailbox }, done) => {
  app.get('/dev/mail', { schema: { hide: true } }, (request, reply) => {
    const { mails } = mailbox;
    if (request.headers.accept?.includes('application/json')) return reply.send({ mails });
    return reply
      .headers({ ...PAGE_HEADERS, 'content-security-policy': POLICY })
      .type('text/html; charset=utf-8')
      .send(devMailboxPage(mails));
  });
  done();
};
