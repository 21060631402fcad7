-- CreateTable
CREATE TABLE "reminder" (
    "id" BIGSERIAL NOT NULL,
    "user_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "remind_at" TIMESTAMPTZ(3) NOT NULL,
    "state" VARCHAR(16) NOT NULL,
    "due_at" TIMESTAMPTZ(3),
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "reminder_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "reminder_due_at_idx" ON "reminder"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "reminder_user_id_message_id_key" ON "reminder"("user_id", "message_id");

-- CreateIndex
CREATE UNIQUE INDEX "reminder_user_id_me_pts_key" ON "reminder"("user_id", "me_pts");

-- AddForeignKey
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

-- Only one that waits is looked for when its time has come.
ALTER TABLE "reminder" ADD CONSTRAINT "reminder_state_check"
    CHECK ("state" IN ('waiting', 'due', 'ended') AND ("state" = 'waiting') = ("due_at" IS NOT NULL));
