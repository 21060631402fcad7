import { Type, type TObject } from '@sinclair/typebox';
import type { EventDescription } from '../../realtime/index.js';
import { Pts, Ref, Tag } from '../../shared/schema.js';
import { chatEvents } from '../chats/index.js';
import { EXAMPLE_MESSAGE, messageEvents } from '../messages/index.js';

export const EXAMPLE_CHANGE = { type: 'message.state', pts: 57, data: EXAMPLE_MESSAGE };

/** "message.state" to "MessageStateChange". */
function nameOf(type: string): string {
  return `${type.replace(/(?:^|\.)([a-z])/g, (_match, letter: string) => letter.toUpperCase())}Change`;
}

/** One kind of change: the event of the same name, without its chat. */
function changeOf({ type, description, data }: EventDescription): TObject {
  return Type.Object({ type: Tag(type), pts: Pts(), ...(data && { data }) }, { $id: nameOf(type), description });
}

const kinds = [...messageEvents, ...chatEvents].filter(({ synced }) => synced);
const changes = kinds.map(changeOf);

const KnownChange = Type.Unsafe({
  $id: 'KnownChange',
  description: 'A change of a kind that this version of the API has; `type` tells which.',
  oneOf: changes.map(Ref),
  discriminator: {
    propertyName: 'type',
    mapping: Object.fromEntries(kinds.map(({ type }) => [type, `#/components/schemas/${nameOf(type)}`])),
  },
  examples: [EXAMPLE_CHANGE],
});

const UnknownChange = Type.Object(
  {
    type: Type.String({ description: 'None of the types of a `KnownChange`.' }),
    pts: Pts(),
    data: Type.Optional(Type.Object({}, { additionalProperties: true })),
  },
  {
    $id: 'UnknownChange',
    description: 'A change of a kind that a later version of the API has. Count its `pts` as applied and go on.',
    examples: [{ type: 'message.pinned', pts: 58, data: { id: 8 } }],
  },
);

/** Open: a client that knows five kinds must take the sixth. docs/adr/0011 has why it is written like this. */
export const Change = Type.Unsafe<{ type: string; pts: number; data: Record<string, unknown> }>({
  $id: 'Change',
  description: 'A change of a chat; `message.state` is a message as it is now.',
  // ogen has no open unions: it keeps the JSON.
  'x-ogen-type': 'encoding/json.RawMessage',
  anyOf: [Ref(KnownChange), Ref(UnknownChange)],
  examples: [EXAMPLE_CHANGE],
});

export const changeModels = [...changes, KnownChange, UnknownChange, Change];
