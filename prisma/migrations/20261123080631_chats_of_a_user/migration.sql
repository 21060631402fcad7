-- DropIndex
DROP INDEX "chat_participant_user_id_idx";

-- CreateIndex
CREATE INDEX "chat_participant_user_id_chat_id_idx" ON "chat_participant"("user_id", "chat_id");
