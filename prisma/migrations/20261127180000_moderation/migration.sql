-- CreateTable
CREATE TABLE "chat_sanction" (
    "id" BIGSERIAL NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "kind" VARCHAR(16) NOT NULL,
    "until" TIMESTAMPTZ(3),
    "reason" VARCHAR(512) NOT NULL,
    "role_before" "participant_role",
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_id" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "chat_sanction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suspension_end" (
    "user_id" BIGINT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "suspension_end_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "message_removal" (
    "id" BIGSERIAL NOT NULL,
    "author_id" BIGINT NOT NULL,
    "chat_id" BIGINT,
    "actor_id" BIGINT NOT NULL,
    "since" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_removal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "chat_sanction_chat_id_kind_id_idx" ON "chat_sanction"("chat_id", "kind", "id");

-- CreateIndex
CREATE INDEX "chat_sanction_user_id_idx" ON "chat_sanction"("user_id");

-- CreateIndex
CREATE INDEX "chat_sanction_due_at_idx" ON "chat_sanction"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "chat_sanction_chat_id_user_id_kind_key" ON "chat_sanction"("chat_id", "user_id", "kind");

-- CreateIndex
CREATE INDEX "suspension_end_due_at_idx" ON "suspension_end"("due_at");

-- CreateIndex
CREATE INDEX "message_removal_author_id_idx" ON "message_removal"("author_id");

-- CreateIndex
CREATE INDEX "message_removal_due_at_idx" ON "message_removal"("due_at");

-- AddForeignKey
ALTER TABLE "chat_sanction" ADD CONSTRAINT "chat_sanction_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_sanction" ADD CONSTRAINT "chat_sanction_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "suspension_end" ADD CONSTRAINT "suspension_end_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message_removal" ADD CONSTRAINT "message_removal_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

-- Only a restriction that ends is looked for when its time has come.
ALTER TABLE "chat_sanction" ADD CONSTRAINT "chat_sanction_kind" CHECK (
    "kind" IN ('restriction', 'ban')
    AND ("kind" = 'restriction') = ("role_before" IS NOT NULL)
    AND ("due_at" IS NULL OR ("kind" = 'restriction' AND "until" IS NOT NULL))
);
