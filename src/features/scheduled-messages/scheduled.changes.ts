import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { scheduledJson } from './scheduled.fields.js';
import { ScheduledMessage } from './scheduled.schemas.js';

export const scheduledUpdated = ownKind({
  type: 'scheduled.updated',
  description:
    'The user has scheduled a message, changed or cancelled it, or its time has come: it is sent, or has failed.',
  data: Ref(ScheduledMessage),
  changed: (userId) => `select me_pts, id as key from public.scheduled_message where user_id = ${userId}`,
  state: (userId, key) => `(
        select ${scheduledJson('s')} from public.scheduled_message s where s.id = ${key} and s.user_id = ${userId}
      )`,
});
