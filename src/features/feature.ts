import type { TSchema } from '@sinclair/typebox';
import type { FastifyPluginAsyncTypebox, FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Duplex } from 'node:stream';
import type { ChangeKind, Context } from '../changes/index.js';
import type { Field, MessageInput, MessageRow, StoredFilters, Transaction } from '../database/index.js';
import type { HostTokens } from '../host-tokens/index.js';
import type { Mailer } from '../mail/index.js';
import type { DescribeError, EventDescription, FrameHandler, FrameHandlers, Realtime } from '../realtime/index.js';
import type { Credential } from '../shared/credential.js';
import type { LoginGuard } from '../shared/login-guard.js';
import type { RateLimits } from '../shared/rate-limit.js';
import type { SecurityLog } from '../shared/security-log.js';
import type { SecondFactors } from '../second-factor/index.js';
import type { RefreshCookie, RefreshTokens, Revocations } from '../tokens/index.js';

/** What authors may give when they send a message, beside its fields that say so themselves. */
export interface MessageInputField extends MessageInput {
  readonly schema: TSchema;
  /** As an edit may give it; undefined: no edit changes it. */
  readonly editSchema?: TSchema;
  /**
   * What the database gets of it. undefined: what is given.
   * @param before what the message has that is edited. @throws VALIDATION_ERROR.
   */
  readonly take?: (given: unknown, before?: unknown) => unknown;
  /** For what is sent at a time that is known. @throws VALIDATION_ERROR for what no send takes by then. */
  readonly requireAt?: (given: unknown, time: Date) => void;
  /** What of it people read as they read the contents, for the filters. */
  readonly textsOf?: (given: unknown) => readonly string[];
  /** What else an edit does that gives it, within its change of the chat. @throws what the author may not do. */
  readonly afterEdit?: (tx: Transaction, edit: MessageEdit) => Promise<void>;
}

/** What an operator says of messages. */
export interface MessageRules {
  /** How many characters the contents of a new one have at the most. */
  readonly maxLength: number;
  readonly editHistory: {
    /** How long earlier versions of a message are kept; 0: none is. */
    readonly days: number;
    /** Whether everybody reads them who reads the message, and not only its author and moderators. */
    readonly isForEveryone: boolean;
  };
  /** How long after the send a message may be edited, by the type of its chat; 0: always. */
  readonly editWindowSeconds: { readonly private: number; readonly group: number };
}

/** A message that its author has edited. */
export interface MessageEdit {
  readonly chatId: number;
  readonly authorId: number;
  readonly before: MessageRow;
  readonly after: MessageRow;
  /** 'in': others see nothing of the edit; 'left': others had not seen the edit before it; undefined: all see all. */
  readonly shadow: 'in' | 'left' | undefined;
}

/** A message that its author has sent, perhaps once more. */
export interface Send {
  readonly userId: number;
  readonly chatId: number;
  /** Whether the author had marked the chat as unread. */
  readonly wasMarkedUnread: boolean;
  /** The draft of which the message was made; undefined: of none. */
  readonly draftRevision: number | undefined;
  /** The message whose thread it is in; undefined: in none. */
  readonly threadId: number | undefined;
}

/** What else a send does, beside it: when it fails the message is sent all the same. */
type AfterSend = (context: Context, send: Send) => Promise<void> | undefined;

/** What else an edit does, within its change of the chat. */
type AfterEdit = (tx: Transaction, edit: MessageEdit, rules: MessageRules) => Promise<void>;

/** A message that a user has deleted. */
export type Deletion = Pick<Send, 'userId' | 'chatId' | 'threadId'>;

/** The same of a deletion. */
type AfterDelete = (context: Context, deletion: Deletion) => Promise<void> | undefined;

/** What all features together have. */
export interface Registry {
  readonly kinds: readonly ChangeKind[];
  readonly messageFields: readonly Field[];
  readonly messageInputs: readonly MessageInputField[];
  readonly afterSend: readonly AfterSend[];
  readonly afterEdit: readonly AfterEdit[];
  readonly afterDelete: readonly AfterDelete[];
  /** The events that clients get. */
  readonly events: readonly EventDescription[];
}

/** What an author wants to write. */
export interface Writing {
  readonly userId: number;
  readonly chatId: number;
  /** All that people read of it. */
  readonly contents: string;
  readonly clientId: string | undefined;
  /** Whom it names, as the author gives it. */
  readonly mentions: unknown;
  readonly isByKey: boolean;
  readonly isEdit: boolean;
  /** Whether this is a repeat of what has been written already. */
  readonly wasWritten: () => Promise<boolean>;
}

/** What looks at messages before they are written. */
export interface MessageFilter {
  /** Lets settings count that have been committed. */
  apply(stored: StoredFilters): void;
  /** All are off: then nothing else is asked: plain sends pay for this alone. */
  readonly isOff: boolean;
  /**
   * @returns what is to be done once it is written; undefined: nothing.
   * @throws FILTERED; CHAT_DOES_NOT_EXIST, RIGHT_MISSING, RESTRICTED for somebody who may not write there anyway.
   */
  judge(context: Context, writing: Writing): Promise<((messageId: number) => Promise<void>) | undefined>;
}

/** What a feature works with. */
export interface Services extends Context {
  readonly filter: MessageFilter;
  readonly registry: Registry;
  readonly realtime: Realtime;
  readonly limits: RateLimits;
  /** One for everything that asks for a password, so that guesses count together. */
  readonly loginGuard: LoginGuard;
  readonly security: SecurityLog;
  readonly hostTokens: HostTokens;
  readonly revocations: Revocations;
  readonly refreshTokens: RefreshTokens;
  readonly refreshCookie: RefreshCookie;
  readonly secondFactors: SecondFactors;
  /** undefined: this server sends no mail. */
  readonly mailer: Mailer | undefined;
  /** The frames of all features. */
  readonly frames: FrameHandlers;
  readonly config: {
    readonly messages: MessageRules;
    /** The origins whose pages may connect, beside that of the server itself; true: all. */
    readonly corsOrigins: boolean | readonly (string | RegExp)[];
    readonly socketCompression: boolean;
    /** Whether anyone may be anyone, to try things out. */
    readonly development: boolean;
    /** Whether people find and join public groups by themselves. */
    readonly publicGroups: boolean;
    /** For what users may report. */
    readonly reportReasons: readonly string[];
    readonly twoFactor: {
      /** The name of the host application. */
      readonly issuer: string;
      readonly isRequiredOfAdmins: boolean;
    };
  };
  readonly describeError: DescribeError;
  /** Answers a request for a socket that is not as the protocol wants it. */
  readonly refuseHandshake: (socket: Duplex) => void;
}

type Routes = FastifyPluginCallbackTypebox<Services> | FastifyPluginAsyncTypebox<Services>;

/** A part of the API: its routes, models, kinds of change, events and frames. */
export interface Feature {
  readonly name: string;
  /** Of its operations in openapi.json. */
  readonly tag?: { readonly name: string; readonly description: string };
  /** Its named schemas; some are made of what all features have, and of what the operator says. */
  readonly models?: readonly TSchema[] | ((registry: Registry, rules: MessageRules) => readonly TSchema[]);
  readonly changes?: readonly ChangeKind[];
  /** What it adds to a message. */
  readonly messageFields?: readonly Field[];
  readonly messageInputs?: readonly MessageInputField[];
  /** Nothing to be done: undefined, at once, because it is asked for each send. */
  readonly afterSend?: AfterSend;
  readonly afterEdit?: AfterEdit;
  readonly afterDelete?: AfterDelete;
  /** Events for connected clients only: they are not stored, and no sync brings them. */
  readonly ephemeral?: readonly EventDescription[];
  /** What it takes in place of the server's own access tokens. */
  readonly credentials?: (services: Services) => readonly Credential[];
  /** What clients may ask over a socket. */
  readonly frames?: (services: Omit<Services, 'frames'>) => readonly FrameHandler[];
  /** Requests that need an access token. */
  readonly routes?: Routes;
  /** Requests that need an API key, with the scope that their `config` names. */
  readonly serverRoutes?: Routes;
  /** Requests that need an admin, or an API key with the scope `admin`. */
  readonly adminRoutes?: Routes;
  /** Requests that need none, or that look at it themselves. */
  readonly openRoutes?: Routes;
}
