-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "disappear_after_seconds" INTEGER;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "expires_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "message_expiry" (
    "message_id" BIGINT NOT NULL,
    "chat_id" BIGINT NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_expiry_pkey" PRIMARY KEY ("message_id")
);

-- CreateIndex
CREATE INDEX "message_expiry_due_at_idx" ON "message_expiry"("due_at");

-- AddForeignKey
ALTER TABLE "message_expiry" ADD CONSTRAINT "message_expiry_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand. Columns that nobody has filled yet need no look at the rows that are there.

ALTER TABLE "chat" ADD CONSTRAINT "chat_disappear_after" CHECK ("disappear_after_seconds" BETWEEN 5 AND 31536000) NOT VALID;

-- In place of an index on all messages, which would be slow to make: a message that stays costs one look at a null.
CREATE FUNCTION "message_expires"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO "message_expiry" ("message_id", "chat_id", "due_at") VALUES (NEW."id", NEW."chat_id", NEW."expires_at");
    RETURN NULL;
END $$;

CREATE TRIGGER "message_expires" AFTER INSERT ON "message" FOR EACH ROW
    WHEN (NEW."expires_at" IS NOT NULL) EXECUTE FUNCTION "message_expires"();
