import { ownKind } from '../../changes/index.js';
import { Projection, field, timeField } from '../../database/index.js';
import { Ref } from '../../shared/schema.js';
import { Mute, muteFields } from './mutes.schemas.js';

export const muteProjection = Projection.of([
  field('id', muteFields.id, { sql: (mute) => `${mute}.muted_user_id` }),
  field('muted', muteFields.muted, { sql: (mute) => `(${mute}.muted_at is not null)` }),
  timeField('until', muteFields.until),
]);

export const muteUpdated = ownKind({
  type: 'mute.updated',
  description: 'The user has muted somebody, or taken that back, perhaps on another device.',
  data: Ref(Mute),
  changed: (userId) => `select me_pts, muted_user_id as key from public.user_mute where user_id = ${userId}`,
  state: (userId, key) => `(
        select ${muteProjection.json('mute')} from public.user_mute mute
        where mute.user_id = ${userId} and mute.muted_user_id = ${key}
      )`,
});
