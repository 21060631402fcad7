-- AlterTable
ALTER TABLE "user" ADD COLUMN     "teams" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

-- What follows is written by hand. See docs/adr/0026.

-- As text, an array of one dimension has its items between braces, those with other characters escaped. A team may be called NULL,
-- which then stands in quotes. The column is new: no row can be otherwise.
ALTER TABLE "user" ADD CONSTRAINT "user_teams_check" CHECK (
    "teams" = '{}' OR (
        cardinality("teams") <= 100 AND array_position("teams", NULL) IS NULL
        AND "teams"::text ~ '^\{([A-Za-z0-9_.:-]{1,64}|"[Nn][Uu][Ll][Ll]")(,([A-Za-z0-9_.:-]{1,64}|"[Nn][Uu][Ll][Ll]"))*\}$'
    )
) NOT VALID;

-- What stands before the entries of a user who is found by people of the same teams alone. No folded text has a slash, so whoever is in no
-- team finds none of these.
CREATE FUNCTION "search_scopes"("teams" TEXT[]) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN "teams" = '{}' THEN ARRAY['']
        ELSE array(SELECT '/' || "team" || '/' FROM unnest("teams") WITH ORDINALITY "of" ("team", "n") ORDER BY "n")
    END
$$;

CREATE OR REPLACE FUNCTION "write_search_entries"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    entries TEXT[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM "user_search" WHERE "user_id" = NEW."id";
    END IF;
    IF NEW."findable" AND NOT NEW."is_app" THEN
        entries := "search_entries"(NEW."username", NEW."name");
        INSERT INTO "user_search" ("entry", "user_id", "is_whole")
            SELECT "scope" || "entry", NEW."id", "n" = 1 AND "scope" = ''
            FROM unnest("search_scopes"(NEW."teams")) "scope"
            CROSS JOIN unnest(entries) WITH ORDINALITY "found" ("entry", "n");
        -- Typos are looked for once, however many teams there are, and not in their names.
        IF NEW."teams" <> '{}' AND cardinality(entries) > 0 THEN
            INSERT INTO "user_search" ("entry", "user_id", "is_whole") VALUES ('//' || entries[1], NEW."id", true);
        END IF;
    END IF;
    RETURN NULL;
END $$;

DROP TRIGGER "user_search_changed" ON "user";
CREATE TRIGGER "user_search_changed" AFTER UPDATE ON "user" FOR EACH ROW
    WHEN ((OLD."username", OLD."name", OLD."findable", OLD."is_app", OLD."teams")
        IS DISTINCT FROM (NEW."username", NEW."name", NEW."findable", NEW."is_app", NEW."teams"))
    EXECUTE FUNCTION "write_search_entries"();
