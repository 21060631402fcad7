import { Type, type Static } from '@sinclair/typebox';
import { Id, Nullable, Ref, Text, Time } from '../../shared/schema.js';

const EXAMPLE_SESSION = {
  ...{ id: 12, device: 'Firefox on Ada’s laptop', address: '192.0.2.17', is_current: true },
  ...{ created_at: '2026-11-23T09:00:00.000Z', last_seen_at: '2026-11-23T09:45:00.000Z' },
};

const Session = Type.Object(
  {
    id: Id(),
    device: Nullable(
      Text({
        description:
          'What the client calls the device, or the `session_label` of the host application; null: none of them has said.',
      }),
    ),
    address: Nullable(
      Type.String({
        description: 'The address from which it was last refreshed; null: the host application makes its tokens.',
      }),
    ),
    created_at: Time('When it began.'),
    last_seen_at: Time('When its last token was made.'),
    is_current: Type.Boolean({ description: 'Whether the token of this request belongs to it.' }),
  },
  { $id: 'Session', description: 'A device on which the user is logged in.', examples: [EXAMPLE_SESSION] },
);

export const SessionList = Type.Object(
  { sessions: Type.Array(Ref(Session), { description: 'The one that was used last first.' }) },
  { $id: 'SessionList', description: 'Where the user is logged in.', examples: [{ sessions: [EXAMPLE_SESSION] }] },
);
export type SessionList = Static<typeof SessionList>;

/** For the page that the server itself shows. */
export const InCookie = Type.Boolean({
  description:
    'For pages of this server alone: the refresh token is in a cookie that their scripts do not see, in place of the body and of the answer.',
});

export const RefreshToken = Type.Object(
  {
    refresh_token: Type.Optional(
      Text({ minLength: 1, maxLength: 256, description: 'The newest one that the client has got.' }),
    ),
    cookie: Type.Optional(InCookie),
  },
  {
    $id: 'RefreshToken',
    additionalProperties: false,
    examples: [{ refresh_token: 'mr_12_1_5J8n0w2Yt4m7cKqf1vXbRz9eHsLdPaGuTiOo3E6yWxk' }],
  },
);

export type RefreshToken = Static<typeof RefreshToken>;

export const SessionParams = Type.Object({ session_id: Id('The session.', { examples: [12] }) });

export const sessionModels = [Session, SessionList, RefreshToken];
