-- DropIndex
DROP INDEX "chat_creator_id_idx";

-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "creation_client_id" VARCHAR(64),
ADD COLUMN     "creation_digest" BYTEA;

-- CreateIndex
CREATE UNIQUE INDEX "chat_creator_id_creation_client_id_key" ON "chat"("creator_id", "creation_client_id");
