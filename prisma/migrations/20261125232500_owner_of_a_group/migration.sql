-- A group whose creator has left has no owner. One whose creator has come back had none either, and its creator could remove
-- others all the same: there it is the creator. Everywhere else the longest-standing member inherits.
UPDATE "chat_participant" SET "role" = 'owner'
FROM (
    SELECT DISTINCT ON (p."chat_id") p."chat_id", p."user_id"
    FROM "chat_participant" p
    JOIN "chat" ON "chat"."id" = p."chat_id" AND "chat"."type" = 'group'
    WHERE NOT EXISTS (
        SELECT FROM "chat_participant" o WHERE o."chat_id" = p."chat_id" AND o."role" = 'owner'
    )
    ORDER BY p."chat_id", p."user_id" <> "chat"."creator_id", p."joined_order"
) heir
WHERE "chat_participant"."chat_id" = heir."chat_id" AND "chat_participant"."user_id" = heir."user_id";

-- There is never a second one.
CREATE UNIQUE INDEX "chat_participant_owner_key" ON "chat_participant" ("chat_id") WHERE "role" = 'owner';
