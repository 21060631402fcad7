import { Type, type Static } from '@sinclair/typebox';
import { Id, Position, Ref, WithDefault, Words } from '../../shared/schema.js';

const MAX_FOLDERS = 20;
export const MAX_CHATS_OF_FOLDER = 200;

const FolderId = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,64}$',
  minLength: 1,
  maxLength: 64,
  description: 'Your own name for the folder, such as a UUID: letters, digits, `_` and `-`.',
});

export const FolderIncludes = Type.Unsafe<'nothing' | 'all' | 'private' | 'group'>({
  $id: 'FolderIncludes',
  type: 'string',
  enum: ['nothing', 'all', 'private', 'group'],
  description:
    'Which chats are in a folder beside those that it names. Archived chats are in it only when it names them.',
});

const folder = {
  id: FolderId,
  name: Words({ minLength: 1, maxLength: 64, description: 'What the user calls it.' }),
  chat_ids: Type.Array(Id(), {
    maxItems: MAX_CHATS_OF_FOLDER,
    description: 'Chats that are in it, in the order of the user. One that the user is not in does not count.',
  }),
  includes: Ref(FolderIncludes),
  unread_only: Type.Boolean({ description: 'Whether what it includes must be unread. Chats that it names stay.' }),
};

const EXAMPLE_FOLDER = {
  ...{ id: 'work', name: 'Work', chat_ids: [6, 12] },
  ...{ includes: 'group' as const, unread_only: true },
};

export const Folder = Type.Object(folder, {
  $id: 'Folder',
  description: 'A folder of chats.',
  examples: [EXAMPLE_FOLDER],
});
export type Folder = Static<typeof Folder>;

export const NewFolder = Type.Object(
  {
    ...folder,
    chat_ids: WithDefault({ ...folder.chat_ids, default: [] }),
    includes: Type.Optional(Ref(FolderIncludes)),
    unread_only: WithDefault({ ...folder.unread_only, default: false }),
  },
  { $id: 'NewFolder', additionalProperties: false, examples: [EXAMPLE_FOLDER] },
);

export const FolderList = Type.Object(
  {
    version: Position('Ascends with each change; 0: there never was a folder.'),
    folders: Type.Array(Ref(Folder), { description: 'In the order of the user.' }),
  },
  {
    $id: 'FolderList',
    description: 'All folders of the user.',
    examples: [{ version: 13, folders: [EXAMPLE_FOLDER] }],
  },
);
export type FolderList = Static<typeof FolderList>;

export const SetFolders = Type.Object(
  {
    folders: Type.Array(Ref(NewFolder), {
      maxItems: MAX_FOLDERS,
      description: 'All folders from now on, each with an `id` of its own.',
    }),
    if_version: Type.Optional(Position('Change nothing unless the folders have this `version`.')),
  },
  { $id: 'SetFolders', additionalProperties: false, examples: [{ folders: [EXAMPLE_FOLDER], if_version: 12 }] },
);
export type SetFolders = Static<typeof SetFolders>;

export const FolderChatParams = Type.Object({
  folder_id: Type.String({ ...FolderId, examples: ['work'] }),
  chat_id: Id('The chat.', { examples: [6] }),
});
