export type { MailFilter, ReceivedMail } from './mailbox.js';
export { startMessenger, type Messenger, type TestHost, type TestUser } from './messenger.js';
export type { Slowness } from './network/conditions.js';
export type { Answer, Ask } from './request.js';
export type { Settings } from './settings.js';
