-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "last_event_pts" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "sent_digest" BYTEA;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "last_seen_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "sync_epoch" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "epoch" UUID NOT NULL DEFAULT gen_random_uuid(),
    "rotated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sync_epoch_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "chat_participant_joined_order_idx" ON "chat_participant"("joined_order");

-- What follows is written by hand.

-- There is one epoch.
ALTER TABLE "sync_epoch" ADD CONSTRAINT "sync_epoch_id_check" CHECK ("id");
INSERT INTO "sync_epoch" DEFAULT VALUES;

UPDATE "chat" SET "last_event_pts" = (SELECT max("pts") FROM "chat_event" WHERE "chat_id" = "chat"."id");

ALTER TABLE "chat_event"
    DROP CONSTRAINT "chat_event_type_check",
    ADD CONSTRAINT "chat_event_type_check" CHECK (
        "type" IN ('chat.created', 'chat.updated', 'participant.added', 'participant.removed', 'message.deleted')
    );

-- A tombstone says whose message it was, not only who removed it, and is found by what its author called it.
UPDATE "chat_event" SET "data" = "data" || jsonb_build_object('author_id', "actor_id") WHERE "type" = 'message.deleted';
CREATE INDEX "chat_event_client_id_idx" ON "chat_event" ((("data" ->> 'author_id')::bigint), ("data" ->> 'client_id'))
    WHERE "type" = 'message.deleted';
