-- AlterTable
ALTER TABLE "user" ADD COLUMN     "is_app" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "members_digest" BYTEA;

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "via_key_id" BIGINT;

-- CreateIndex
CREATE UNIQUE INDEX "chat_members_digest_key" ON "chat"("members_digest");

-- What follows is written by hand.

CREATE UNIQUE INDEX "user_is_app_key" ON "user"("is_app") WHERE "is_app";

ALTER TABLE "chat" ADD CONSTRAINT "chat_members_digest_check"
    CHECK ("members_digest" IS NULL OR (octet_length("members_digest") = 32 AND "type" = 'group'));

-- A group with other people is not found by those that it was opened with any more.
CREATE OR REPLACE FUNCTION "count_participants"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE "chat"
    SET "participant_count" = "participant_count" + CASE TG_OP WHEN 'INSERT' THEN changed.n ELSE -changed.n END,
        "members_digest" = NULL
    FROM (SELECT "chat_id", count(*)::int AS n FROM "changed_rows" GROUP BY "chat_id") changed
    WHERE "chat"."id" = changed."chat_id";
    RETURN NULL;
END
$$;
