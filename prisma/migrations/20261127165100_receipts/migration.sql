-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "delivered_message_id" BIGINT;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "shows_receipts" BOOLEAN NOT NULL DEFAULT true;
