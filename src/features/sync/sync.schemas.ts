import { Type, type Static, type TSchema } from '@sinclair/typebox';
import type { ChangeKind } from '../../changes/index.js';
import { propertiesOf } from '../../database/index.js';
import { MAX_CHATS } from '../../realtime/index.js';
import { Id, IdMap, Nullable, Position, Pts, Ref, Text } from '../../shared/schema.js';
import { Badge } from '../badge/index.js';
import { Chat, ownFields } from '../chats/index.js';
import { ParticipantRead } from '../reads/index.js';
import { Profile } from '../users/index.js';
import { Change, EXAMPLE_CHANGE, EXAMPLE_OWN_CHANGE, OwnChange, changeModels } from './changes.schemas.js';

const EXAMPLE_EPOCH = '5f0c9c1e-6a52-4b0e-9d3b-7f6a1c2e8d54';

const EXAMPLE_SYNCED_CHAT = {
  chat_id: 6,
  pts: 57,
  has_more: false,
  too_long: false,
  last_read_message_id: 7,
  unread_count: 1,
  marked_unread: false,
  unread_mentions: 0,
  muted_until: null,
  pinned: true,
  archived: false,
  private: {},
  notifications: 'default',
  ...{ draft: 'Dear Charles', draft_reply_to_id: null, draft_revision: 12 },
  own_role: 'member',
  own_rights: ['send', 'rename', 'add_member'],
  read_marks: [{ user_id: 7, message_id: 8 }],
  changes: [{ type: 'message.deleted', pts: 43, data: { id: 4 } }, EXAMPLE_CHANGE],
};

const Epoch = Text({
  maxLength: 64,
  description: 'Under which the pts have been counted. It changes when a backup has been restored.',
});

export const SyncRequest = Type.Object(
  {
    epoch: Nullable({ ...Epoch, description: `${Epoch.description ?? ''} null: not known yet.` }),
    chats: IdMap(Pts(), {
      maxProperties: MAX_CHATS,
      description: 'What the client has: up to which pts, by the id of the chat.',
    }),
    reads: Type.Optional(
      IdMap(Id(), {
        maxProperties: MAX_CHATS,
        description:
          'The last message that the client knows to have been read, by the id of the chat; in a chat that is left out, none.',
      }),
    ),
    me_pts: Type.Optional(
      Position(
        'Up to which number the client has the own log of the user; 0: nothing of it. Without it there is no `me`.',
      ),
    ),
    people_pts: Type.Optional(
      Position(
        'Up to which number the client has the changes of profiles; 0: it keeps no profiles yet. Without it there is no `people`.',
      ),
    ),
    badge: Type.Optional(Type.Boolean({ description: 'true: the answer says how much is unread.' })),
  },
  { $id: 'SyncRequest', additionalProperties: false, examples: [{ epoch: EXAMPLE_EPOCH, chats: { 6: 41, 7: 12 } }] },
);
export type SyncRequest = Static<typeof SyncRequest>;

const SyncedChat = Type.Object(
  {
    chat_id: Id(),
    pts: Pts('What the client has, once it has applied the changes.'),
    has_more: Type.Boolean({ description: 'There are more changes after these.' }),
    too_long: Type.Boolean({
      description:
        'Too much was missed, the user may not see all that the client has any more, or the chat has fewer changes than the client: forget its messages, and take the chat and its newest page afresh.',
    }),
    ...propertiesOf(ownFields),
    read_marks: Type.Array(Ref(ParticipantRead), {
      description: 'How far the others have read; in chats of at most 100 people.',
    }),
    changes: Type.Array(Ref(Change), { description: 'In the order of their pts.' }),
  },
  { $id: 'SyncedChat', description: 'What has changed in a chat.', examples: [EXAMPLE_SYNCED_CHAT] },
);

const OwnSync = Type.Object(
  {
    me_pts: Position('What the client has, once it has applied the changes.'),
    has_more: Type.Boolean({ description: 'There are more changes after these.' }),
    reset: Type.Boolean({
      description: 'The number of the client does not stand for what it has: these changes begin from the beginning.',
    }),
    changes: Type.Array(Ref(OwnChange), { description: 'In the order of their me_pts.' }),
  },
  {
    $id: 'OwnSync',
    description: "What has changed of what is the user's alone: each state once, as it is now.",
    examples: [{ me_pts: 12, has_more: false, reset: false, changes: [EXAMPLE_OWN_CHANGE] }],
  },
);

const PeopleSync = Type.Object(
  {
    people_pts: Position('What the client has, once it has taken the profiles.'),
    has_more: Type.Boolean({ description: 'There are more changes after these.' }),
    reset: Type.Boolean({
      description: 'Too much was missed: forget the profiles that you keep, and take them afresh when you need them.',
    }),
    profiles: Type.Array(Ref(Profile), { description: 'As they are now, in the order of their versions.' }),
  },
  {
    $id: 'PeopleSync',
    description:
      'Profiles that have changed, of the user and of people with whom they share a chat. The numbers are of all changes ' +
      'of this server, so most of them are of nobody whom the user knows.',
    examples: [{ people_pts: 61, has_more: false, reset: false, profiles: Profile.examples as unknown[] }],
  },
);

export const Sync = Type.Object(
  {
    epoch: Epoch,
    has_more: Type.Boolean({ description: 'Sync again, with what you have now: there is more.' }),
    joined: Type.Array(Ref(Chat), { description: 'The chats that the client does not have.' }),
    left: Type.Array(Id(), { description: 'The chats that the user is not in any more.' }),
    chats: Type.Array(Ref(SyncedChat), { description: 'The chats in which something has changed.' }),
    me: Type.Optional(Ref(OwnSync)),
    people: Type.Optional(Ref(PeopleSync)),
    badge: Type.Optional(Ref(Badge)),
  },
  {
    $id: 'SyncAnswer',
    description: 'What the client does not have.',
    examples: [
      {
        epoch: EXAMPLE_EPOCH,
        has_more: false,
        joined: [],
        left: [7],
        chats: [EXAMPLE_SYNCED_CHAT],
      },
    ],
  },
);
export type Sync = Static<typeof Sync>;

export function syncModels(kinds: readonly ChangeKind[]): TSchema[] {
  return [...changeModels(kinds), SyncedChat, OwnSync, PeopleSync, SyncRequest, Sync];
}
