-- AlterTable
ALTER TABLE "message" ADD COLUMN     "poll" JSONB;

-- CreateTable
CREATE TABLE "poll_vote" (
    "id" BIGSERIAL NOT NULL,
    "message_id" BIGINT NOT NULL,
    "option_id" INTEGER NOT NULL,
    "user_id" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "poll_vote_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "poll_ballot" (
    "id" BIGSERIAL NOT NULL,
    "user_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "option_ids" INTEGER[],
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "poll_ballot_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "poll_end" (
    "message_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "poll_end_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "poll_vote_message_id_option_id_id_idx" ON "poll_vote"("message_id", "option_id", "id");

-- CreateIndex
CREATE INDEX "poll_vote_user_id_id_idx" ON "poll_vote"("user_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "poll_vote_message_id_user_id_option_id_key" ON "poll_vote"("message_id", "user_id", "option_id");

-- CreateIndex
CREATE UNIQUE INDEX "poll_ballot_user_id_message_id_key" ON "poll_ballot"("user_id", "message_id");

-- CreateIndex
CREATE UNIQUE INDEX "poll_ballot_user_id_me_pts_key" ON "poll_ballot"("user_id", "me_pts");

-- CreateIndex
CREATE INDEX "poll_end_due_at_idx" ON "poll_end"("due_at");

-- AddForeignKey
ALTER TABLE "poll_vote" ADD CONSTRAINT "poll_vote_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "poll_vote" ADD CONSTRAINT "poll_vote_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "poll_ballot" ADD CONSTRAINT "poll_ballot_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "poll_end" ADD CONSTRAINT "poll_end_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. More is allowed than before, and a column that nobody has filled yet needs no look at the rows.

ALTER TABLE "chat" DROP CONSTRAINT "chat_member_rights";
ALTER TABLE "chat" ADD CONSTRAINT "chat_member_rights" CHECK (
    "member_rights" <@ '["send", "add_member", "rename", "invite", "mention_all", "pin", "create_poll"]'::jsonb
        AND jsonb_typeof("member_rights") = 'array'
) NOT VALID;
ALTER TABLE "message" ADD CONSTRAINT "message_poll" CHECK (jsonb_array_length("poll" -> 'options') BETWEEN 2 AND 20) NOT VALID;
ALTER TABLE "poll_vote" ADD CONSTRAINT "poll_vote_option" CHECK ("option_id" BETWEEN 1 AND 20);

-- In place of an index on all messages, which would be slow to make: a message without a poll costs one look at a null.
CREATE FUNCTION "poll_ends"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO "poll_end" ("message_id", "chat_id", "due_at") VALUES (NEW."id", NEW."chat_id", (NEW."poll" ->> 'closes_at')::timestamptz);
    RETURN NULL;
END $$;

CREATE TRIGGER "message_poll_ends" AFTER INSERT ON "message" FOR EACH ROW
    WHEN (NEW."poll" ->> 'closes_at' IS NOT NULL) EXECUTE FUNCTION "poll_ends"();
