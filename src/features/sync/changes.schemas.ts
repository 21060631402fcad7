import { Type, type TObject, type TSchema } from '@sinclair/typebox';
import type { ChangeKind } from '../../changes/index.js';
import { Id, Pts, Ref, Tag } from '../../shared/schema.js';
import { EXAMPLE_MESSAGE, MESSAGE_STATE } from '../messages/index.js';

export const EXAMPLE_CHANGE = { type: 'message.state', pts: 57, data: EXAMPLE_MESSAGE };
export const EXAMPLE_OWN_CHANGE = {
  type: 'chat.settings',
  me_pts: 12,
  data: {
    chat_id: 6,
    muted_until: null,
    pinned: true,
    archived: false,
    private: {},
    notifications: 'all',
    own_role: 'member',
    own_rights: ['send'],
  },
};

/** "message.state" and "Change" to "MessageStateChange". */
function nameOf(type: string, suffix: string): string {
  return `${type.replace(/(?:^|[._])([a-z])/g, (_match, letter: string) => letter.toUpperCase())}${suffix}`;
}

type Described = Pick<ChangeKind, 'type' | 'description' | 'data'>;

/**
 * Open: a client that knows five kinds must take the sixth. docs/adr/0011 has why it is written like this.
 * @param names the models' names: of the union, of the union of what is known, and of what is not.
 */
function openUnion(
  kinds: readonly Described[],
  number: TObject['properties'],
  { union, known, unknown, suffix }: { union: string; known: string; unknown: string; suffix: string },
  { description, example, later }: { description: string; example: object; later: object },
): TSchema[] {
  const changes = kinds.map(({ type, description, data }) =>
    Type.Object({ type: Tag(type), ...number, data }, { $id: nameOf(type, suffix), description }),
  );
  const mapping = kinds.map(({ type }) => [type, `#/components/schemas/${nameOf(type, suffix)}`]);
  const knownChange = Type.Unsafe({
    $id: known,
    description: 'A change of a kind that this version of the API has; `type` tells which.',
    oneOf: changes.map(Ref),
    discriminator: { propertyName: 'type', mapping: Object.fromEntries(mapping) as object },
    examples: [example],
  });
  const unknownChange = Type.Object(
    {
      type: Type.String({ description: `None of the types of a \`${known}\`.` }),
      ...number,
      data: Type.Optional(Type.Object({}, { additionalProperties: true })),
    },
    {
      $id: unknown,
      description: 'A change of a kind that a later version of the API has. Count its number as applied and go on.',
      examples: [later],
    },
  );
  const open = Type.Unsafe({
    $id: union,
    description,
    // ogen has no open unions: it keeps the JSON.
    'x-ogen-type': 'encoding/json.RawMessage',
    anyOf: [Ref(knownChange), Ref(unknownChange)],
    examples: [example],
  });
  return [...changes, knownChange, unknownChange, open];
}

/** The schemas of all changes that a sync brings. */
export function changeModels(kinds: readonly ChangeKind[]): TSchema[] {
  const synced = [MESSAGE_STATE, ...kinds.filter(({ keeps }) => keeps === 'event')];
  const own = kinds.filter(({ keeps }) => keeps === 'own state');
  return [
    ...openUnion(
      synced,
      { pts: Pts() },
      { union: 'Change', known: 'KnownChange', unknown: 'UnknownChange', suffix: 'Change' },
      {
        description: 'A change of a chat; `message.state` is a message as it is now.',
        example: EXAMPLE_CHANGE,
        later: { type: 'message.pinned', pts: 58, data: { id: 8 } },
      },
    ),
    ...openUnion(
      own,
      { me_pts: Id('The number of the change in the log of the user.') },
      { union: 'OwnChange', known: 'KnownOwnChange', unknown: 'UnknownOwnChange', suffix: 'OwnChange' },
      {
        description: "A state of the user's own, as it is now.",
        example: EXAMPLE_OWN_CHANGE,
        later: { type: 'chat.wallpaper', me_pts: 13, data: { chat_id: 6 } },
      },
    ),
  ];
}

/** For references: what is registered under these names is made of all kinds. */
export const Change = Type.Unsafe<{ type: string; pts: number; data?: object }>({ $id: 'Change' });
export const OwnChange = Type.Unsafe<{ type: string; me_pts: number; data?: object }>({ $id: 'OwnChange' });
