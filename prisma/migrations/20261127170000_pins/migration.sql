-- AlterTable
ALTER TABLE "message" ADD COLUMN     "pinned" JSONB;

-- CreateTable
CREATE TABLE "message_pin" (
    "id" BIGSERIAL NOT NULL,
    "message_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_pin_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "message_pin_id_key" ON "message_pin"("id");

-- CreateIndex
CREATE INDEX "message_pin_chat_id_id_idx" ON "message_pin"("chat_id", "id");

-- CreateIndex
CREATE INDEX "message_pin_user_id_id_idx" ON "message_pin"("user_id", "id");

-- CreateIndex
CREATE INDEX "message_pin_due_at_idx" ON "message_pin"("due_at");

-- AddForeignKey
ALTER TABLE "message_pin" ADD CONSTRAINT "message_pin_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_pin" ADD CONSTRAINT "message_pin_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is written by hand. More is allowed than before, and a column that nobody has filled yet needs no look at the rows.

ALTER TABLE "chat" DROP CONSTRAINT "chat_member_rights";
ALTER TABLE "chat" ADD CONSTRAINT "chat_member_rights" CHECK (
    "member_rights" <@ '["send", "add_member", "rename", "invite", "mention_all", "pin"]'::jsonb AND jsonb_typeof("member_rights") = 'array'
) NOT VALID;
ALTER TABLE "message" ADD CONSTRAINT "message_pinned" CHECK (jsonb_typeof("pinned") = 'object') NOT VALID;
