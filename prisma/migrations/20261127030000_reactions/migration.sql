-- AlterTable
ALTER TABLE "message" ADD COLUMN     "reactions" JSONB;

-- CreateTable
CREATE TABLE "reaction" (
    "id" BIGSERIAL NOT NULL,
    "message_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "emoji" VARCHAR(64) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "reaction_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reaction_message_id_emoji_id_idx" ON "reaction"("message_id", "emoji", "id");

-- CreateIndex
CREATE INDEX "reaction_user_id_id_idx" ON "reaction"("user_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "reaction_message_id_user_id_emoji_key" ON "reaction"("message_id", "user_id", "emoji");

-- AddForeignKey
ALTER TABLE "reaction" ADD CONSTRAINT "reaction_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reaction" ADD CONSTRAINT "reaction_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
