-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "history_from_id" BIGINT,
ADD COLUMN     "history_from_pts" BIGINT;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "edit_client_id" VARCHAR(64),
ADD COLUMN     "silent" BOOLEAN;

-- AlterTable
ALTER TABLE "session" ADD COLUMN     "label" VARCHAR(128);

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "locale" VARCHAR(35);

-- What follows is written by hand.

-- Who does not see all of a chat: few, as a rule nobody.
CREATE INDEX "chat_participant_history_from" ON "chat_participant"("chat_id", "history_from_id") WHERE "history_from_id" IS NOT NULL;

-- Of the sessions that go on, one of each name of a user.
CREATE UNIQUE INDEX "session_label" ON "session"("user_id", "label") WHERE "label" IS NOT NULL AND "ended_at" IS NULL;

-- The users who are suspended, for a node that begins. By the time, and asked for by a range of it: so it is found without statistics, too.
DROP INDEX "user_suspended_idx";
CREATE INDEX "user_suspended_at" ON "user"("suspended_at") WHERE "suspended_at" IS NOT NULL;
