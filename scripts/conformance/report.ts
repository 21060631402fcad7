import { Type, type Static } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { Breach } from './breach.js';

const Id = Type.Integer({ minimum: 1 });

/**
 * A line of a report: what the client has of a chat. Optional fields are as the server has them, whatever that is. Others are
 * for the client's own eyes.
 */
const ReportedChat = Type.Object({
  chat_id: Id,
  pts: Type.Integer({ minimum: 0 }),
  name: Type.Union([Type.String(), Type.Null()]),
  participant_count: Type.Integer({ minimum: 0 }),
  /** Only of clients that keep the own log. */
  last_read_message_id: Type.Optional(Type.Union([Id, Type.Null()])),
  messages: Type.Array(
    Type.Object({
      id: Id,
      author_id: Id,
      contents: Type.String(),
      /** Only of clients that keep it. */
      version: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
});

const End = Type.Object({ end: Type.Literal(true) });

export type ReportedChat = Static<typeof ReportedChat>;
export type Report = ReadonlyMap<number, ReportedChat>;

/** A line of a report. @returns undefined for the last one. @throws Breach that says what is wrong with it. */
export function readLine(text: string, number: number): ReportedChat | undefined {
  const at = `line ${number} of the report`;
  let line: unknown;
  try {
    line = JSON.parse(text);
  } catch {
    throw new Breach(`${at} is no JSON: ${text.slice(0, 200)}`);
  }
  if (Value.Check(End, line)) return undefined;
  if (Value.Check(ReportedChat, line)) return line;
  const error = Value.Errors(ReportedChat, line).First();
  if (!error || error.path === '') throw new Breach(`${at} is neither a chat nor {"end":true}: ${text.slice(0, 200)}`);
  const field = error.path
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.');
  if (error.value === undefined) throw new Breach(`${at}: \`${field}\` is missing`);
  throw new Breach(`${at}: \`${field}\` is ${JSON.stringify(error.value)}. ${error.message}`);
}

/** @throws Breach when messages are not in their order, or one comes twice. */
export function checkOrder({ chat_id, messages }: ReportedChat): void {
  for (const [index, { id }] of messages.entries()) {
    const before = messages[index - 1]?.id ?? 0;
    if (id === before) throw new Breach(`Message ${id} of chat ${chat_id} is there twice.`);
    if (id < before) throw new Breach(`Message ${id} of chat ${chat_id} stands after message ${before}.`);
  }
}
