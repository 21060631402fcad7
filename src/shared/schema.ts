import {
  Type,
  type IntegerOptions,
  type SchemaOptions,
  type Static,
  type StringOptions,
  type TSchema,
  type TUnsafe,
} from '@sinclair/typebox';
import { isBlank } from './blank.js';
import {
  errorCodes,
  internalError,
  notAuthorized,
  payloadTooLarge,
  serviceUnavailable,
  slowMode,
  tooManyRequests,
  unsupportedMediaType,
  validationError,
  type ErrorKind,
} from './errors.js';

/** The largest id: the integers that JSON carries safely to every client end at 2^53 - 1. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

/** An id, as the name of a property. */
const ID_KEY = '^[1-9][0-9]{0,15}$';

const TEXT_FORMAT = 'text';
const WORDS_FORMAT = 'not-blank';

/** What PostgreSQL takes as text: no NUL, and no half of a surrogate pair. */
export function isText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}

/** The formats that the API has beside those of JSON Schema. */
export const TEXT_FORMATS = {
  [TEXT_FORMAT]: isText,
  [WORDS_FORMAT]: (value: string) => isText(value) && !isBlank(value),
};

/** Text that people write, in any script. Lengths count characters (code points), as the database does. */
export function Text(options: StringOptions = {}) {
  return Type.String({ format: TEXT_FORMAT, ...options });
}

/** Such a text that others are to read, so that something must be visible in it. */
export function Words(options: StringOptions = {}) {
  return Text({ ...options, format: WORDS_FORMAT });
}

/** The formats tell generators which type holds the number. */
export function Id(description?: string, options: IntegerOptions = {}) {
  return Type.Integer({
    format: 'int64',
    minimum: 1,
    maximum: MAX_ID,
    ...(description && { description }),
    ...options,
  });
}

/** The number of a change of a chat. */
export function Pts(description?: string) {
  return Id(description);
}

/** How far something has been counted: 0 while nothing has. */
export function Position(description: string) {
  return Type.Integer({ format: 'int64', minimum: 0, maximum: MAX_ID, description });
}

/** What is wrong, by the name of the field. */
export function FieldErrors() {
  return Type.Unsafe<Record<string, string>>({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'What is wrong, by the name of the field.',
  });
}

/** An integer that is small by its nature: a count, a limit, a status. */
export function SmallInteger(options: IntegerOptions = {}) {
  return Type.Integer({ format: 'int32', ...options });
}

/** A map whose keys are ids. Described by `additionalProperties`, which every generator takes, unlike `patternProperties`. */
export function IdMap(values: TSchema, options: SchemaOptions & { maxProperties: number }) {
  return Type.Unsafe<Record<string, number>>({
    type: 'object',
    propertyNames: { pattern: ID_KEY },
    additionalProperties: values,
    ...options,
  });
}

/** The one value of a property by which things are told apart. As an `enum`: some generators do not know `const` of texts. */
export function Tag<T extends string>(value: T) {
  return Type.Unsafe<T>({ type: 'string', enum: [value] });
}

/** A text of which these values are known today. Clients must take others, so it is no `enum`. */
export function OpenText(known: readonly string[], description: string) {
  return Type.Unsafe<string>({ type: 'string', description, 'x-extensible-enum': known });
}

export function Time(description: string) {
  return Type.String({ format: 'date-time', description });
}

/** A property that is always there and may be null; as one type, which is quicker to serialize than a union. */
export function Nullable<T extends TSchema>(schema: T): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: [schema.type as string, 'null'] });
}

/** A reference to a schema with an `$id`, which becomes a named component of the API's description. */
export function Ref<T extends TSchema>(schema: T): TUnsafe<Static<T>> {
  if (!schema.$id) throw new TypeError('Only a schema with an $id can be referred to.');
  return Type.Unsafe<Static<T>>({ $ref: `${schema.$id}#` });
}

/** A property that a client may leave out and that the server then fills in. */
export function WithDefault<T extends TSchema>(schema: T): T {
  return Type.Optional(schema) as unknown as T;
}

/** What the API's description says of an answer beyond its schema; see the plugin that writes it. */
export interface AnswerDocumentation {
  description: string;
  /** By name; an answer of one kind has a single one. */
  examples: Record<string, unknown>;
}

/** The answer 200 of an operation, with the example of its schema. */
export function Answer<T extends TSchema>(schema: T, description: string): TUnsafe<Static<T>> {
  const [example] = schema.examples as [unknown];
  const documentation: AnswerDocumentation = { description, examples: { success: example } };
  return Type.Unsafe<Static<T>>({ ...Ref(schema), documentation });
}

export interface ErrorAnswer {
  status_code: number;
  details: {
    code: string;
    message: string;
    request_id: string;
    reason?: string;
    errors?: Record<string, string>;
    chat_id?: number;
    current?: object;
    sent?: boolean;
    text?: string;
    until?: string;
    retry_after?: number;
    retry_after_ms?: number;
  };
}

const ERROR_ID = 'ApiError';
const EXAMPLE_REQUEST_ID = '3f0c9c1e-6a52-4b0e-9d3b-7f6a1c2e8d54';

/** The schemas of every error answer; complete once each feature has been imported, and with it its kinds of error. */
export function errorModels() {
  const details = Type.Object(
    {
      code: OpenText(
        errorCodes(),
        'For programs: what went wrong. Its spelling never changes; there will be more codes.',
      ),
      message: Type.String({ description: 'For people: what went wrong. The words may change.' }),
      request_id: Type.String({ description: 'Finds this request in the log of the server.' }),
      reason: Type.Optional(
        OpenText(
          ['TOKEN_EXPIRED', 'TOKEN_INVALID', 'TOKEN_REVOKED', 'USER_SUSPENDED'],
          'With `NOT_AUTHORIZED`, when there was a token: get another one if it has expired; otherwise the user must log in again, ' +
            'which the user of a suspended account cannot.',
        ),
      ),
      errors: Type.Optional(FieldErrors()),
      chat_id: Type.Optional(Id('With `CHAT_EXISTS`: the chat that exists.')),
      // With CHANGED_MEANWHILE of a message: the message as it is now.
      current: Type.Optional(Type.Unsafe<object>({ $ref: 'Message#' })),
      sent: Type.Optional(
        Type.Boolean({
          description:
            'With `CHAT_DOES_NOT_EXIST`, of a message that is sent again under its `client_id`: an earlier try had sent it, ' +
            'before the user left the chat.',
        }),
      ),
      text: Type.Optional(
        Type.String({ description: 'With `FILTERED`: what the application says to the author; not there: nothing.' }),
      ),
      until: Type.Optional(Time('With `RESTRICTED`: when the restriction ends; not there: not by itself.')),
      retry_after_ms: Type.Optional(
        SmallInteger({ description: 'With `SLOW_MODE`: milliseconds after which the user may write again.' }),
      ),
      retry_after: Type.Optional(
        SmallInteger({
          description: 'Only over a socket, in place of `Retry-After`: seconds after which another try makes sense.',
        }),
      ),
    },
    {
      $id: 'ApiErrorDetails',
      description: 'What went wrong.',
      examples: [errorExample(notAuthorized).details],
    },
  );
  const error = Type.Object(
    { status_code: SmallInteger({ description: 'The HTTP status, once more.' }), details: Ref(details) },
    {
      $id: ERROR_ID,
      description: 'The one shape of every answer that is not a success.',
      examples: [errorExample(notAuthorized)],
    },
  );
  return { details, error };
}

/** What any operation that takes a body may answer. */
export const BODY_ERRORS = [payloadTooLarge, unsupportedMediaType] as const;

/** What an example shows beyond code and message. */
interface ErrorExample {
  readonly errors?: Record<string, string>;
  readonly chat_id?: number;
  readonly current?: object;
  readonly text?: string;
  readonly until?: string;
  readonly retry_after_ms?: number;
}

function errorExample({ status, code, message }: ErrorKind, example: ErrorExample = {}): ErrorAnswer {
  return { status_code: status, details: { code, message, request_id: EXAMPLE_REQUEST_ID, ...example } };
}

/** Error kinds of an operation, each with what its example shows beyond code and message. */
export type DescribedError = ErrorKind | readonly [ErrorKind, ErrorExample];

/**
 * Kinds that have no answer of their own in an operation's description: their statuses are the same everywhere, and every
 * status that an operation lists is one more type in a generated client. The `default` answer stands for them.
 */
const WITHOUT_OWN_ANSWER: readonly ErrorKind[] = [
  payloadTooLarge,
  unsupportedMediaType,
  validationError,
  slowMode,
  tooManyRequests,
  internalError,
  serviceUnavailable,
];

/** What the description says of the errors of an operation. */
export interface ErrorsDocumentation extends AnswerDocumentation {
  codes: string[];
}

export function kindOf(described: DescribedError): ErrorKind {
  return typeof described === 'function' ? described : described[0];
}

/**
 * The error answers of an operation: one for each status that means something of its own here, with an example for each
 * code, and the default one, which knows all codes.
 */
export function errorAnswers(...described: DescribedError[]): Record<number, TUnsafe<ErrorAnswer>> {
  const kinds = [...described, internalError, serviceUnavailable].map((item) => {
    return { kind: kindOf(item), example: typeof item === 'function' ? {} : item[1] };
  });
  const own = kinds.filter(({ kind }) => !WITHOUT_OWN_ANSWER.includes(kind));
  const answers: Record<number | string, TUnsafe<ErrorAnswer>> = {};
  for (const status of new Set(own.map(({ kind }) => kind.status))) {
    answers[status] = errorAnswer(own.filter(({ kind }) => kind.status === status));
  }
  answers.default = errorAnswer(kinds);
  return answers;
}

function errorAnswer(kinds: { kind: ErrorKind; example: ErrorExample }[]): TUnsafe<ErrorAnswer> {
  const documentation: ErrorsDocumentation = {
    description: kinds.map(({ kind }) => `\`${kind.code}\`: ${kind.message}`).join('\n\n'),
    examples: Object.fromEntries(kinds.map(({ kind, example }) => [kind.code, errorExample(kind, example)])),
    codes: kinds.map(({ kind }) => kind.code),
  };
  return Type.Unsafe<ErrorAnswer>({ $ref: `${ERROR_ID}#`, documentation });
}

/** The security of an operation that needs an access token. */
export const bearer = [{ bearer: [] }];

/** The security of an operation that needs an API key. */
export const apiKey = [{ serverKey: [] }];
