import type { ClockOffset } from '../../shared/moved-date.js';
import type { Settings } from '../settings.js';

/** What a thread of the kit is started for. */
export type ThreadInput =
  | {
      readonly task: 'serve';
      readonly settings: Settings;
      /** The file of the database that the server begins with. */
      readonly template: string;
      readonly clock: ClockOffset;
    }
  /** Makes that file, and ends. */
  | { readonly task: 'template'; readonly file: string };

/** What the test wants of the thread that serves. */
export type Order =
  | { readonly want: 'user'; readonly username: string }
  | { readonly want: 'key'; readonly scopes: readonly string[] }
  /** The clock has been moved: what is due is done. */
  | { readonly want: 'wake' }
  | { readonly want: 'stop' };

export interface NumberedOrder {
  readonly id: number;
  readonly order: Order;
}

/** A registered user, with a token that has just been made. */
export interface Account {
  readonly id: number;
  readonly username: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
}

/** A mail that the server has sent. */
export interface SentMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What the thread tells. */
export type Report =
  | { readonly told: 'listening'; readonly port: number }
  /** It could not start. */
  | { readonly told: 'failure'; readonly of: 'database' | 'server'; readonly message: string }
  | { readonly told: 'mail'; readonly mail: SentMail }
  | { readonly told: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly told: 'refusal'; readonly id: number; readonly message: string };
