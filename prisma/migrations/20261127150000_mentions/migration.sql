-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "last_mention_id" BIGINT;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "mentions" JSONB;

-- CreateTable
CREATE TABLE "mention" (
    "message_id" BIGINT NOT NULL,
    "whom" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,

    CONSTRAINT "mention_pkey" PRIMARY KEY ("message_id","whom")
);

-- CreateIndex
CREATE INDEX "mention_whom_chat_id_message_id_idx" ON "mention"("whom", "chat_id", "message_id");

-- AddForeignKey
ALTER TABLE "mention" ADD CONSTRAINT "mention_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. More is allowed than before, and a column that nobody has filled yet needs no look at the rows.

ALTER TABLE "chat" DROP CONSTRAINT "chat_member_rights";
ALTER TABLE "chat" ADD CONSTRAINT "chat_member_rights" CHECK (
    "member_rights" <@ '["send", "add_member", "rename", "invite", "mention_all"]'::jsonb AND jsonb_typeof("member_rights") = 'array'
) NOT VALID;
ALTER TABLE "message" ADD CONSTRAINT "message_mentions" CHECK (jsonb_typeof("mentions") = 'object') NOT VALID;
ALTER TABLE "mention" ADD CONSTRAINT "mention_whom" CHECK ("whom" >= -3);
