import { Type, type Static, type StringOptions, type TSchema, type TUnsafe } from '@sinclair/typebox';
import { isBlank } from './blank.js';
import {
  errorCodes,
  internalError,
  payloadTooLarge,
  serviceUnavailable,
  unsupportedMediaType,
  type ErrorKind,
} from './errors.js';

/** The largest id: the integers that JSON carries safely to every client end at 2^53 - 1. */
const MAX_ID = Number.MAX_SAFE_INTEGER;

const TEXT_FORMAT = 'text';
const WORDS_FORMAT = 'not-blank';

/** What PostgreSQL takes as text: no NUL, and no half of a surrogate pair. */
function isText(value: string): boolean {
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

export function Id(description?: string) {
  return Type.Integer({ minimum: 1, maximum: MAX_ID, ...(description && { description }) });
}

/** The number of a change of a chat. */
export function Pts(description?: string) {
  return Id(description);
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
  headers?: Record<string, unknown>;
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
    errors?: Record<string, string>;
    chat_id?: number;
    retry_after?: number;
  };
}

const ERROR_ID = 'Error';

/** What every error says; complete once each feature has been imported, and with it its kinds of error. */
export function errorDetails() {
  return Type.Object({
    code: Type.Unsafe<string>({
      type: 'string',
      enum: errorCodes(),
      description: 'For programs: what went wrong. Its spelling never changes.',
    }),
    message: Type.String({ description: 'For people: what went wrong. The words may change.' }),
    request_id: Type.String({ description: 'Finds this request in the log of the server.' }),
    errors: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'What is wrong, by the name of the field.' }),
    ),
    chat_id: Type.Optional(Id('With `CHAT_EXISTS`: the chat that exists.')),
    retry_after: Type.Optional(
      Type.Integer({
        description: 'Only over a socket, in place of `Retry-After`: seconds after which another try makes sense.',
      }),
    ),
  });
}

/** The schema of every error answer. */
export function errorSchema() {
  return Type.Object(
    { status_code: Type.Integer({ description: 'The HTTP status, once more.' }), details: errorDetails() },
    { $id: ERROR_ID, description: 'The one shape of every answer that is not a success.' },
  );
}

/** What any operation may answer, whoever asks. */
const ANYWHERE = [internalError, serviceUnavailable];

/** What any operation that takes a body may answer. */
export const BODY_ERRORS = [payloadTooLarge, unsupportedMediaType] as const;

interface ErrorExample {
  readonly errors?: Record<string, string>;
  readonly chat_id?: number;
}

/** Error kinds of an operation, each with what its example shows beyond code and message. */
type Described = ErrorKind | readonly [ErrorKind, ErrorExample];

/** The error answers of an operation, one for each status, with an example for each code. */
export function errorAnswers(...described: Described[]): Record<number, TUnsafe<ErrorAnswer>> {
  const kinds = [...described, ...ANYWHERE].map((item) => {
    return typeof item === 'function' ? { kind: item, example: {} } : { kind: item[0], example: item[1] };
  });
  const answers: Record<number, TUnsafe<ErrorAnswer>> = {};
  for (const status of new Set(kinds.map(({ kind }) => kind.status))) {
    const ofStatus = kinds.filter(({ kind }) => kind.status === status);
    const documentation: AnswerDocumentation = {
      description: ofStatus.map(({ kind }) => `\`${kind.code}\`: ${kind.message}`).join('\n\n'),
      examples: Object.fromEntries(
        ofStatus.map(({ kind: { code, message }, example }) => {
          return [
            code,
            { status_code: status, details: { code, message, request_id: EXAMPLE_REQUEST_ID, ...example } },
          ];
        }),
      ),
      ...(HEADERS[status] && { headers: HEADERS[status] }),
    };
    answers[status] = Type.Unsafe<ErrorAnswer>({ $ref: `${ERROR_ID}#`, documentation });
  }
  return answers;
}

const EXAMPLE_REQUEST_ID = '3f0c9c1e-6a52-4b0e-9d3b-7f6a1c2e8d54';

const RETRY_AFTER = {
  'Retry-After': { type: 'integer', description: 'Seconds after which another try makes sense.' },
};

/** The headers that come with the errors of a status. */
const HEADERS: Record<number, Record<string, unknown>> = {
  401: { 'WWW-Authenticate': { type: 'string', description: 'Always `Bearer`.' } },
  429: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** The security of an operation that needs an access token. */
export const bearer = [{ bearer: [] }];
