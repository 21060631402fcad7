-- AlterTable
ALTER TABLE "message" ADD COLUMN     "thread" JSONB,
ADD COLUMN     "thread_id" BIGINT;

-- CreateTable
CREATE TABLE "thread_reply" (
    "root_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,

    CONSTRAINT "thread_reply_pkey" PRIMARY KEY ("root_id","message_id")
);

-- CreateTable
CREATE TABLE "thread_change" (
    "id" BIGSERIAL NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "root_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,
    "author_id" BIGINT NOT NULL,
    "delta" SMALLINT NOT NULL,
    "is_counted" BOOLEAN NOT NULL DEFAULT false,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT (clock_timestamp() + '00:00:02'::interval),

    CONSTRAINT "thread_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "thread_state" (
    "id" BIGSERIAL NOT NULL,
    "user_id" BIGINT NOT NULL,
    "root_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "following" BOOLEAN NOT NULL,
    "last_read_message_id" BIGINT,
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "thread_state_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "thread_change_root_id_idx" ON "thread_change"("root_id");

-- CreateIndex
CREATE INDEX "thread_change_due_at_idx" ON "thread_change"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "thread_state_user_id_root_id_key" ON "thread_state"("user_id", "root_id");

-- CreateIndex
CREATE UNIQUE INDEX "thread_state_user_id_me_pts_key" ON "thread_state"("user_id", "me_pts");

-- AddForeignKey
ALTER TABLE "thread_state" ADD CONSTRAINT "thread_state_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. Columns that nobody has filled yet need no look at the rows that are there.

ALTER TABLE "message" ADD CONSTRAINT "message_thread" CHECK ("thread_id" < "id" AND "thread" IS NULL OR "thread_id" IS NULL) NOT VALID;
ALTER TABLE "thread_change" ADD CONSTRAINT "thread_change_delta" CHECK ("delta" BETWEEN -1 AND 1);

-- What is left to do is committed with the reply, its deletion or its other author. Messages in no thread don't call it.
CREATE FUNCTION "note_thread_reply"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    reply "message" := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO "thread_reply" ("root_id", "message_id") VALUES (reply."thread_id", reply."id");
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM "thread_reply" WHERE "root_id" = reply."thread_id" AND "message_id" = reply."id";
    END IF;
    INSERT INTO "thread_change" ("chat_id", "root_id", "message_id", "author_id", "delta")
    VALUES (reply."chat_id", reply."thread_id", reply."id", reply."author_id",
        CASE TG_OP WHEN 'INSERT' THEN 1 WHEN 'DELETE' THEN -1 ELSE 0 END);
    RETURN NULL;
END
$$;

CREATE TRIGGER "message_thread_reply_sent" AFTER INSERT ON "message" FOR EACH ROW
    WHEN (NEW."thread_id" IS NOT NULL) EXECUTE FUNCTION "note_thread_reply"();
CREATE TRIGGER "message_thread_reply_gone" AFTER DELETE ON "message" FOR EACH ROW
    WHEN (OLD."thread_id" IS NOT NULL) EXECUTE FUNCTION "note_thread_reply"();
CREATE TRIGGER "message_thread_reply_author" AFTER UPDATE OF "author_id" ON "message" FOR EACH ROW
    WHEN (OLD."thread_id" IS NOT NULL AND OLD."author_id" <> NEW."author_id") EXECUTE FUNCTION "note_thread_reply"();
