export type { MailTimes } from './mail-sender.js';
export type { DevMailbox } from './dev-mailbox.js';
export { devMailboxPage } from './dev-mailbox-page.js';
export type { Letter } from './letter.js';
export type { Transport } from './mail.js';
export { noMail } from './mail.errors.js';
export { Mailer } from './mailer.js';
