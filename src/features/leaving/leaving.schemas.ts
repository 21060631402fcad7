import { Type, type Static } from '@sinclair/typebox';
import { Password } from '../auth/index.js';
import { Ref } from '../../shared/schema.js';
import { UserRef } from '../users/index.js';

/** What becomes of the messages of a user who is erased. */
export const LeftMessages = Type.Unsafe<'keep' | 'anonymise' | 'purge'>({
  $id: 'LeftMessages',
  type: 'string',
  enum: ['keep', 'anonymise', 'purge'],
  description:
    '`keep`: they stay, and their author is the erased user. `anonymise`: they stay, and their author is one user who stands ' +
    'for all whose messages were made anonymous. `purge`: they are deleted.',
});
export type LeftMessages = Static<typeof LeftMessages>;

export const EraseMe = Type.Object(
  {
    password: Password,
    messages: Type.Optional(Ref(LeftMessages)),
  },
  {
    $id: 'EraseMe',
    description: 'Without `messages` they are kept.',
    additionalProperties: false,
    examples: [{ password: 'correct horse battery staple', messages: 'purge' }],
  },
);

export const ErasedUserParams = Type.Object({ user: UserRef });

export const ErasureQuery = Type.Object({
  messages: Type.Optional(
    Type.Unsafe<LeftMessages>({
      allOf: [Ref(LeftMessages)],
      description: 'What becomes of their messages; `keep` unless it is given.',
      examples: ['purge'],
    }),
  ),
});
