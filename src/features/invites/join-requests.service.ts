import { commitChange, type Context } from '../../changes/index.js';
import { chatAdvanced } from '../../realtime/index.js';
import { placePage } from '../../shared/place-pages.js';
import { addNewcomers, participantAdded, requireGroupRight, requireNoneBanned } from '../participants/index.js';
import type { ShortUser } from '../users/index.js';
import { withRight } from './invite-links.service.js';
import { noJoinRequest } from './invites.errors.js';
import { removeRequest } from './invites.queries.js';
import type { JoinRequestList, JoinRequestQuery } from './join-requests.schemas.js';

/** @throws NOT_AUTHORIZED, CHAT_DOES_NOT_EXIST, NOT_A_GROUP, RIGHT_MISSING. */
export function getRequests(
  context: Context,
  userId: number,
  chatId: number,
  { cursor, limit }: JoinRequestQuery,
): Promise<JoinRequestList> {
  return withRight(context, { userId, chatId, right: 'admit' }, async (tx) => {
    // One more than asked for says whether there are more.
    const rows = await tx.$queryRawUnsafe<{ place: bigint; person: ShortUser }[]>(
      `select request.id as place, ${context.model.person.json('asker')} as person
      from public.join_request request
      cross join lateral (
        select * from public."user" where id = request.user_id and erased_at is null offset 0
      ) asker
      where request.chat_id = $1::int8 and request.id > $2::int8
      order by request.id limit $3::int8`,
      chatId,
      Number(cursor ?? 0),
      limit + 1,
    );
    const { page, fields } = placePage(rows, limit, ({ place }) => place);
    return { ...fields, users: page.map(({ person }) => person) };
  });
}

/** Lets the user in. @throws NO_JOIN_REQUEST, and as above. */
export async function approve(context: Context, userId: number, chatId: number, askerId: number): Promise<void> {
  const change = await commitChange(
    context,
    participantAdded,
    { chatId, actorId: userId },
    {
      write: async (tx, pts) => {
        await requireGroupRight(tx, chatId, userId, 'admit');
        if (!(await removeRequest(tx, chatId, askerId))) throw noJoinRequest();
        await requireNoneBanned(tx, chatId, [askerId], 'user_id');
        // Nobody, when the user is gone, or was added meanwhile.
        const { ids } = await addNewcomers(tx, chatId, [askerId], { pts, ownStart: null });
        return ids.length > 0 ? { user_ids: ids } : undefined;
      },
      answer: (_tx, change) => Promise.resolve(change),
    },
  );
  if (change) context.live.publishToUsers([askerId], chatAdvanced(chatId, change.pts));
}

/** Nobody tells the user: they may ask again. @throws NO_JOIN_REQUEST, and as above. */
export function deny(context: Context, userId: number, chatId: number, askerId: number): Promise<void> {
  return withRight(context, { userId, chatId, right: 'admit' }, async (tx) => {
    if (!(await removeRequest(tx, chatId, askerId))) throw noJoinRequest();
  });
}
