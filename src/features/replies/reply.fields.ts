import { Type } from '@sinclair/typebox';
import { field, isThere, usuallyNull, withOwnEdit } from '../../database/index.js';
import { Id, Ref, Text } from '../../shared/schema.js';
import type { MessageInputField } from '../feature.js';

const MAX_EXCERPT = 200;

export const ReplyPreview = Type.Object(
  {
    id: Id('The message that is answered.'),
    author_id: Type.Optional(Id('Who wrote it.')),
    excerpt: Type.Optional(
      Text({
        maxLength: MAX_EXCERPT,
        description: `How it begins: its first ${MAX_EXCERPT} characters (Unicode code points), as it is now.`,
      }),
    ),
    deleted: Type.Optional(Type.Boolean({ description: 'true: it is gone.' })),
  },
  {
    $id: 'ReplyPreview',
    description:
      'What is shown of a message that is answered, as it is now. Of one that the reader may not see, because they joined later, it is the id alone.',
    examples: [{ id: 4, author_id: 7, excerpt: 'shall we meet?' }],
  },
);

export const replyToId: MessageInputField = {
  name: 'reply_to_id',
  type: 'int8',
  schema: Id('The message of this chat that it answers. One that is not there is shown as deleted.'),
};

const contentsOf = withOwnEdit('contents', (edit) => `${edit} ->> 'contents'`);

/** It is never stored: a message that is edited or deleted is so in all previews of it. */
export const replyTo = field('reply_to', Ref(ReplyPreview), {
  optional: true,
  usual: usuallyNull('reply_to_id'),
  sql: (message, reader) =>
    `case when ${message}.reply_to_id is not null then coalesce((
      select case when answered.id < coalesce(${reader?.historyFrom ?? 'null'}, 0) then json_build_object('id', answered.id)
        else json_build_object('id', answered.id, 'author_id', answered.author_id, 'excerpt', left(${contentsOf('answered', reader)}, ${MAX_EXCERPT})) end
      from public.message answered
      where answered.id = ${message}.reply_to_id and answered.chat_id = ${message}.chat_id
        and ${isThere('answered')} and (answered.shadowed is null or answered.author_id = ${reader?.id ?? 'null'})
      offset 0
    ), json_build_object('id', ${message}.reply_to_id, 'deleted', true)) end`,
});
