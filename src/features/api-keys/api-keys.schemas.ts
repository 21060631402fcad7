import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Ref, Text, Time, Words } from '../../shared/schema.js';
import { SCOPES, type Scope } from './scopes.js';

const SCOPE_LIST = Object.entries(SCOPES)
  .map(([scope, meaning]) => `\`${scope}\`: ${meaning}`)
  .join(' ');

const EXAMPLE_KEY = {
  id: 3,
  prefix: 'mk_4fJ9aKz2',
  name: 'shop backend',
  scopes: ['users:write', 'tokens:mint'],
  allowed_cidrs: [],
  created_at: '2026-11-23T09:00:00.000Z',
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};

export const ApiKey = Type.Object(
  {
    id: Id(),
    prefix: Type.String({ description: 'What the key begins with: the part that is no secret.' }),
    name: Text(),
    scopes: Type.Array(Type.String(), { description: 'What the key may do; there will be more of them.' }),
    allowed_cidrs: Type.Array(Type.String(), { description: 'Networks in which it may be used; none: everywhere.' }),
    created_at: Time('When it was made.'),
    expires_at: Nullable(Time('When it ends; null: never.')),
    revoked_at: Nullable(Time('When it was revoked; null: it was not.')),
    last_used_at: Nullable(Time('When it was last used, to a minute.')),
  },
  { $id: 'ApiKey', description: 'A secret by which the server of the host application asks.', examples: [EXAMPLE_KEY] },
);
export type ApiKey = Static<typeof ApiKey>;

export const NewApiKey = Type.Object(
  {
    key: Type.String({ description: 'The key itself: it is shown this once, and only its hash is kept.' }),
    api_key: Ref(ApiKey),
  },
  {
    $id: 'NewApiKey',
    description: 'A key that has just been made.',
    examples: [{ key: 'mk_4fJ9aKz2_(43 letters and digits)', api_key: EXAMPLE_KEY }],
  },
);

export const ApiKeyList = Type.Object(
  { api_keys: Type.Array(Ref(ApiKey), { description: 'The newest first.' }) },
  {
    $id: 'ApiKeyList',
    description: 'All keys, those that have ended included.',
    examples: [{ api_keys: [EXAMPLE_KEY] }],
  },
);

export const ApiKeyScope = Type.Unsafe<Scope>({
  $id: 'ApiKeyScope',
  type: 'string',
  // As an enum it would be one of names that are none in Rust, for their colons.
  pattern: `^(${Object.keys(SCOPES).join('|')})$`,
  description: SCOPE_LIST,
});

export const CreateApiKey = Type.Object(
  {
    name: Words({ minLength: 1, maxLength: 128, description: 'What people know it by.' }),
    scopes: Type.Array(Ref(ApiKeyScope), { minItems: 1, maxItems: 20, description: 'What the key may do.' }),
    allowed_cidrs: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        maxItems: 20,
        description: 'Networks in which it may be used, such as `192.0.2.0/24`; none: everywhere.',
      }),
    ),
    expires_at: Type.Optional(
      Type.String({ format: 'date-time', description: 'When it ends; never unless it is given.' }),
    ),
  },
  {
    $id: 'CreateApiKey',
    additionalProperties: false,
    examples: [{ name: 'shop backend', scopes: ['users:write', 'tokens:mint'] }],
  },
);
export type CreateApiKey = Static<typeof CreateApiKey>;

export const ApiKeyParams = Type.Object({ key_id: Id('The key.', { examples: [3] }) });
