-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "no_forward" BOOLEAN;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "forwarded" JSONB;

-- CreateTable
CREATE TABLE "message_forward" (
    "message_id" BIGINT NOT NULL,
    "author_id" BIGINT NOT NULL,

    CONSTRAINT "message_forward_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "message_forward_author_id_idx" ON "message_forward"("author_id");

-- AddForeignKey
ALTER TABLE "message_forward" ADD CONSTRAINT "message_forward_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. A column that nobody has filled yet needs no look at the rows.

ALTER TABLE "message" ADD CONSTRAINT "message_forwarded" CHECK (jsonb_typeof("forwarded") = 'object') NOT VALID;

-- In place of an index on all messages, which would be slow to make: a message that is no copy costs one look at a null.
CREATE FUNCTION "message_forwards"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO "message_forward" ("message_id", "author_id") VALUES (NEW."id", (NEW."forwarded" ->> 'author_id')::bigint);
    RETURN NULL;
END $$;

CREATE TRIGGER "message_forwards" AFTER INSERT ON "message" FOR EACH ROW
    WHEN (NEW."forwarded" ->> 'author_id' IS NOT NULL) EXECUTE FUNCTION "message_forwards"();
