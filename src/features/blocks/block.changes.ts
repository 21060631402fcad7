import { ownKind } from '../../changes/index.js';
import { Ref } from '../../shared/schema.js';
import { personProjection } from '../users/index.js';
import { Block } from './blocks.schemas.js';

export const blockUpdated = ownKind({
  type: 'block.updated',
  description: 'The user has blocked somebody, or taken that back, perhaps on another device.',
  data: Ref(Block),
  changed: (userId) => `select me_pts, blocked_user_id as key from public.user_block where user_id = ${userId}`,
  state: (userId, key) => `(
        select json_build_object('user', ${personProjection.json('other')}, 'blocked', block.blocked_at is not null)
        from public.user_block block
        cross join lateral (select * from public."user" where id = block.blocked_user_id offset 0) other
        where block.user_id = ${userId} and block.blocked_user_id = ${key}
      )`,
});
