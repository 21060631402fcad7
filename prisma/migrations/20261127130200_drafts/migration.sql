-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "draft" TEXT,
ADD COLUMN     "draft_me_pts" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "draft_reply_to_id" BIGINT;

-- What follows is written by hand. The columns are new: no row can be otherwise.

ALTER TABLE "chat_participant" ADD CONSTRAINT "chat_participant_draft_check" CHECK (
    CASE WHEN "draft" IS NULL THEN "draft_reply_to_id" IS NULL ELSE char_length("draft") BETWEEN 1 AND 20000 END
) NOT VALID;
