-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "participant_count" INTEGER NOT NULL DEFAULT 0;

-- CreateIndex
CREATE INDEX "chat_participant_chat_id_joined_order_idx" ON "chat_participant"("chat_id", "joined_order");

-- What follows is written by hand.

-- A trigger, so that the number is right whoever adds or removes people: an older server during a deploy, or a script.
-- It is called once for each statement, however many rows that has.
CREATE FUNCTION "count_participants"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    UPDATE "chat"
    SET "participant_count" = "participant_count" + CASE TG_OP WHEN 'INSERT' THEN changed.n ELSE -changed.n END
    FROM (SELECT "chat_id", count(*)::int AS n FROM "changed_rows" GROUP BY "chat_id") changed
    WHERE "chat"."id" = changed."chat_id";
    RETURN NULL;
END
$$;

CREATE TRIGGER "chat_participant_added" AFTER INSERT ON "chat_participant"
    REFERENCING NEW TABLE AS "changed_rows" FOR EACH STATEMENT EXECUTE FUNCTION "count_participants"();
CREATE TRIGGER "chat_participant_removed" AFTER DELETE ON "chat_participant"
    REFERENCING OLD TABLE AS "changed_rows" FOR EACH STATEMENT EXECUTE FUNCTION "count_participants"();

-- The triggers' locks keep others from adding or removing people until this migration is committed.
UPDATE "chat" SET "participant_count" = counted.n
FROM (SELECT "chat_id", count(*)::int AS n FROM "chat_participant" GROUP BY "chat_id") counted
WHERE "chat"."id" = counted."chat_id";

ALTER TABLE "chat" ADD CONSTRAINT "chat_participant_count_check" CHECK ("participant_count" >= 0);
