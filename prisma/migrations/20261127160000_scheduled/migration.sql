-- CreateTable
CREATE TABLE "scheduled_message" (
    "id" BIGSERIAL NOT NULL,
    "user_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "contents" TEXT NOT NULL,
    "reply_to_id" BIGINT,
    "client_id" VARCHAR(64) NOT NULL,
    "via_key_id" BIGINT,
    "send_at" TIMESTAMPTZ(3) NOT NULL,
    "state" VARCHAR(16) NOT NULL,
    "reason" VARCHAR(64),
    "sent_message_id" BIGINT,
    "claimed_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "scheduled_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "scheduled_message_due_at_idx" ON "scheduled_message"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "scheduled_message_user_id_client_id_key" ON "scheduled_message"("user_id", "client_id");

-- CreateIndex
CREATE UNIQUE INDEX "scheduled_message_user_id_me_pts_key" ON "scheduled_message"("user_id", "me_pts");

-- AddForeignKey
ALTER TABLE "scheduled_message" ADD CONSTRAINT "scheduled_message_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

-- Only one that waits is looked for when its time has come; only what may still be sent has words.
ALTER TABLE "scheduled_message" ADD CONSTRAINT "scheduled_message_state_check" CHECK (
    "state" IN ('waiting', 'failed', 'sent', 'cancelled')
    AND ("state" = 'waiting') = ("due_at" IS NOT NULL)
    AND ("state" = 'waiting' OR "claimed_at" IS NULL)
    AND ("state" = 'failed') = ("reason" IS NOT NULL)
    AND ("state" IN ('waiting', 'failed')) = ("contents" <> '')
);
