-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "marked_unread" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "notifications" VARCHAR(16);

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "notifications" VARCHAR(16) NOT NULL DEFAULT 'all';

-- What follows is written by hand. The columns are new: no row can be otherwise.

ALTER TABLE "chat_participant" ADD CONSTRAINT "chat_participant_notifications_check"
    CHECK ("notifications" IN ('all', 'mentions', 'none')) NOT VALID;
ALTER TABLE "user" ADD CONSTRAINT "user_notifications_check" CHECK ("notifications" IN ('all', 'mentions', 'none')) NOT VALID;
