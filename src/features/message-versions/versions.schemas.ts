import { Type, type Static } from '@sinclair/typebox';
import { propertiesOf } from '../../database/index.js';
import { Id, Nullable, Ref, SmallInteger, WithDefault } from '../../shared/schema.js';
import { versionFields } from './versions.fields.js';

const EXAMPLE = {
  version: 42,
  contents: 'Hello',
  written_at: '2026-11-23T09:12:00.000Z',
  replaced_at: '2026-11-23T09:13:00.000Z',
};

export const MessageVersion = Type.Object(propertiesOf(versionFields), {
  $id: 'MessageVersion',
  description: 'A message as it was before an edit.',
  examples: [EXAMPLE],
});

export const VersionPageQuery = Type.Object({
  cursor: Type.Optional(Id('Exclusive: only versions before this one.', { examples: [42] })),
  limit: WithDefault(
    SmallInteger({ minimum: 1, maximum: 50, default: 20, description: 'How many, at the most.', examples: [20] }),
  ),
});
export type VersionPageQuery = Static<typeof VersionPageQuery>;

export const MessageVersionPage = Type.Object(
  {
    next: Nullable(Id('The `cursor` of the next page; null when this is the last one.')),
    has_more: Type.Boolean({ description: 'Whether there are versions before those of this page.' }),
    count: SmallInteger({ description: 'How many versions are on this page.' }),
    versions: Type.Array(Ref(MessageVersion)),
  },
  {
    $id: 'MessageVersionPage',
    description: 'How a message read before, the latest first. How it reads now is not among them.',
    examples: [{ next: null, has_more: false, count: 1, versions: [EXAMPLE] }],
  },
);
export type MessageVersionPage = Static<typeof MessageVersionPage>;
