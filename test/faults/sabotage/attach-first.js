// Lets a session be ready, and sync, before it listens: what is committed in between does not reach it.
import { Hub } from '../../../dist/realtime/delivery/hub.js';
import { replaceMethod } from './replace-method.js';

const DELAY_MS = 300;

const attach = replaceMethod(Hub, 'attach', function (listener) {
  setTimeout(() => {
    // A session that has ended meanwhile needs nothing any more.
    attach.call(this, listener).catch(() => undefined);
  }, DELAY_MS);
  return Promise.resolve();
});
