import { Type } from '@sinclair/typebox';
import { Id, Nullable, Time } from '../../shared/schema.js';

export const UserPresence = Type.Object(
  {
    user_id: Id(),
    online: Type.Boolean({ description: 'Whether they have a connection; false: or the user may not know.' }),
    last_seen_at: Nullable(
      Time('When their last connection began or ended; null: never yet, or the user may not know.'),
    ),
  },
  { $id: 'UserPresence', description: 'Whether a user is there.' },
);
