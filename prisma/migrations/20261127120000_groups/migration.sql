-- AlterEnum
ALTER TYPE "participant_role" ADD VALUE 'admin';
ALTER TYPE "participant_role" ADD VALUE 'moderator';
ALTER TYPE "participant_role" ADD VALUE 'reader';

-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "description" VARCHAR(1000),
ADD COLUMN     "frozen_at" TIMESTAMPTZ(3),
ADD COLUMN     "has_readers" BOOLEAN,
ADD COLUMN     "history_from_now" BOOLEAN,
ADD COLUMN     "member_rights" JSONB,
ADD COLUMN     "slow_mode_seconds" INTEGER;

-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "slow_until" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "invite_link" (
    "id" BIGSERIAL NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "creator_id" BIGINT NOT NULL,
    "token_hash" BYTEA NOT NULL,
    "label" VARCHAR(64),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "max_uses" INTEGER,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "needs_approval" BOOLEAN NOT NULL DEFAULT false,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "invite_link_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_request" (
    "id" BIGSERIAL NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "join_request_pkey" PRIMARY KEY ("chat_id","user_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invite_link_token_hash_key" ON "invite_link"("token_hash");

-- CreateIndex
CREATE INDEX "invite_link_chat_id_id_idx" ON "invite_link"("chat_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "join_request_id_key" ON "join_request"("id");

-- CreateIndex
CREATE INDEX "join_request_chat_id_id_idx" ON "join_request"("chat_id", "id");

-- CreateIndex
CREATE INDEX "join_request_user_id_idx" ON "join_request"("user_id");

-- AddForeignKey
ALTER TABLE "invite_link" ADD CONSTRAINT "invite_link_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invite_link" ADD CONSTRAINT "invite_link_creator_id_fkey" FOREIGN KEY ("creator_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_request" ADD CONSTRAINT "join_request_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "join_request" ADD CONSTRAINT "join_request_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. Columns that nobody has filled yet need no look at the rows that are there.

ALTER TABLE "chat" ADD CONSTRAINT "chat_of_a_group" CHECK (
    "type" = 'group' OR ("description" IS NULL AND "frozen_at" IS NULL AND "has_readers" IS NULL AND "history_from_now" IS NULL
        AND "member_rights" IS NULL AND "slow_mode_seconds" IS NULL)
) NOT VALID;
ALTER TABLE "chat" ADD CONSTRAINT "chat_member_rights" CHECK (
    "member_rights" <@ '["send", "add_member", "rename", "invite"]'::jsonb AND jsonb_typeof("member_rights") = 'array'
) NOT VALID;
ALTER TABLE "chat" ADD CONSTRAINT "chat_slow_mode" CHECK ("slow_mode_seconds" BETWEEN 1 AND 21600) NOT VALID;
ALTER TABLE "invite_link" ADD CONSTRAINT "invite_link_token" CHECK (octet_length("token_hash") = 32);
ALTER TABLE "invite_link" ADD CONSTRAINT "invite_link_uses" CHECK ("uses" >= 0 AND "uses" <= "max_uses" AND "max_uses" > 0);
