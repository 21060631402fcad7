import { Type, type Static } from '@sinclair/typebox';
import { field, isThere, usuallyNull, withOwnEdit, type OfPage, type Reader } from '../../database/index.js';
import { Id, Ref, Text } from '../../shared/schema.js';
import type { MessageInputField } from '../feature.js';
import type { Message } from '../messages/index.js';

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

const { sql: contentsOf } = withOwnEdit('contents', (edit) => `${edit} ->> 'contents'`);

/** SQL for what the reader sees of an answered message. */
function preview(answered: string, reader: Reader | undefined): string {
  return `case when ${answered}.id < coalesce(${reader?.historyFrom ?? 'null'}, 0) then json_build_object('id', ${answered}.id)
    else json_build_object('id', ${answered}.id, 'author_id', ${answered}.author_id, 'excerpt', left(${contentsOf(answered, reader)}, ${MAX_EXCERPT})) end`;
}

/** SQL for whether an answered message is there for the reader, if only as one that they may not read. */
function isShown(answered: string, reader: Reader | undefined): string {
  return `${isThere(answered)} and (${answered}.shadowed is null or ${answered}.author_id = ${reader?.id ?? 'null'})`;
}

/** Mostly the message that is answered stands on the same page. */
const ofPage: OfPage = {
  column: (message) => `${message}.reply_to_id`,
  json: ({ name, readerOf, isDense }) => `(
    select json_agg(${preview('answered', readerOf('asked'))})
    from (
      select distinct reply_to_id, chat_id, reader_id, reader_history_from_id from ${name}
      where reply_to_id is not null${isDense ? ` and reply_to_id < (select min(id) from ${name})` : ''}
    ) asked
    cross join lateral (
      select * from public.message where id = asked.reply_to_id and chat_id = asked.chat_id offset 0
    ) answered
    where ${isShown('answered', readerOf('asked'))}
  )`,
  values: (ids, json, rows) => {
    const others = new Map((json as Preview[] | null)?.map((shown) => [shown.id, shown]));
    const onPage = new Map((rows as Answered[]).map((row) => [row.id, row]));
    return (ids as (number | null)[]).map((id) => {
      if (id === null) return null;
      const answered = onPage.get(id);
      if (!answered) return others.get(id) ?? { id, deleted: true };
      return { id, author_id: answered.author_id, excerpt: excerptOf(answered.contents) };
    });
  },
};

type Preview = Static<typeof ReplyPreview>;
type Answered = Pick<Static<typeof Message>, 'id' | 'author_id' | 'contents'>;

function excerptOf(contents: string): string {
  if (contents.length <= MAX_EXCERPT) return contents;
  return Array.from(contents.slice(0, 2 * MAX_EXCERPT))
    .slice(0, MAX_EXCERPT)
    .join('');
}

/** It is never stored: a message that is edited or deleted is so in all previews of it. */
export const replyTo = field('reply_to', Ref(ReplyPreview), {
  optional: true,
  usual: usuallyNull('reply_to_id'),
  ofPage,
  sql: (message, reader) =>
    `case when ${message}.reply_to_id is not null then coalesce((
      select ${preview('answered', reader)}
      from public.message answered
      where answered.id = ${message}.reply_to_id and answered.chat_id = ${message}.chat_id and ${isShown('answered', reader)}
      offset 0
    ), json_build_object('id', ${message}.reply_to_id, 'deleted', true)) end`,
});
