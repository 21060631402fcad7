-- CreateTable
CREATE TABLE "user_word" (
    "id" BIGSERIAL NOT NULL,
    "word" TEXT COLLATE "C" NOT NULL,

    CONSTRAINT "user_word_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "user_word_word_idx" ON "user_word"("word");

-- What follows is written by hand. See docs/adr/0031.

-- 64 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables.
ALTER TABLE "user_word" SET (
    vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
DO $$
BEGIN
    INSERT INTO "user_word" ("id", "word") SELECT -n, n FROM generate_series(1, 12000) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- The words that entries begin with, up to their first digit: a number has no typo that anybody could see through.
CREATE FUNCTION "search_words"("entries" TEXT[]) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT array(SELECT DISTINCT "word" FROM (
        SELECT substring("entry" FROM '^[^0-9 ]{3,}') AS "word" FROM unnest("entries") "entry"
    ) "begun" WHERE "word" IS NOT NULL)
$$;

-- Whether somebody has the word, alone or with a digit after it. What stands in it after the word comes before ":" in bytes.
CREATE FUNCTION "search_word_is_held"("word" TEXT) RETURNS BOOLEAN LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT EXISTS (SELECT FROM "user_search" WHERE "entry" >= "word" AND "entry" < "word" || ':')
        OR EXISTS (SELECT FROM "user_search" WHERE "entry" >= '//' || "word" AND "entry" < '//' || "word" || ':')
$$;

-- Those that nobody has any more. They are locked and then looked at again, by a statement that sees what was committed before the lock.
CREATE FUNCTION "drop_search_words"("words" TEXT[]) RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    locked BIGINT[] := array(
        SELECT "id" FROM "user_word"
        WHERE "word" = ANY("words") AND NOT "search_word_is_held"("word") FOR UPDATE SKIP LOCKED
    );
BEGIN
    DELETE FROM "user_word" WHERE "id" = ANY(locked) AND NOT "search_word_is_held"("word");
END $$;

-- Of a user with teams, the entries without their team come after "//": by them alone it is known whether somebody has a word.
CREATE OR REPLACE FUNCTION "write_search_entries"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    entries TEXT[];
    words TEXT[] := '{}';
    gone TEXT[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM "user_search" WHERE "user_id" = NEW."id";
    END IF;
    IF NEW."findable" AND NOT NEW."is_app" THEN
        entries := "search_entries"(NEW."username", NEW."name");
        words := "search_words"(entries);
        INSERT INTO "user_search" ("entry", "user_id", "is_whole")
            SELECT "scope" || "entry", NEW."id", "n" = 1 AND "scope" IN ('', '//')
            FROM unnest("search_scopes"(NEW."teams") || CASE WHEN NEW."teams" <> '{}' THEN ARRAY['//'] END) "scope"
            CROSS JOIN unnest(entries) WITH ORDINALITY "found" ("entry", "n");
        -- Nobody waits for anybody, so nothing can deadlock: a word that somebody else is about to take away is added once more. The lock on
        -- those that are there keeps them until the transaction ends, and shares them with all others who have them.
        WITH "known" AS MATERIALIZED (
            SELECT "word" FROM "user_word" WHERE "word" = ANY(words) FOR KEY SHARE SKIP LOCKED
        )
        INSERT INTO "user_word" ("word") SELECT unnest(words) EXCEPT SELECT "word" FROM "known";
    END IF;
    IF TG_OP = 'UPDATE' AND OLD."findable" AND NOT OLD."is_app" THEN
        gone := array(
            SELECT unnest("search_words"("search_entries"(OLD."username", OLD."name"))) EXCEPT SELECT unnest(words)
        );
        IF gone <> '{}' THEN
            PERFORM "drop_search_words"(gone);
        END IF;
    END IF;
    RETURN NULL;
END $$;
