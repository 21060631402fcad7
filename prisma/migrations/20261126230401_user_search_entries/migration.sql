-- A migration of its own: it takes its time, and holds no lock that others wait for. The trigger of the one before writes what changes
-- meanwhile.
INSERT INTO "user_search" ("entry", "user_id", "is_whole")
    SELECT "entry", "id", "n" = 1
    FROM "user", unnest("search_entries"("username", "name")) WITH ORDINALITY "found" ("entry", "n")
    WHERE "findable" AND NOT "is_app"
    ON CONFLICT DO NOTHING;

-- Who has changed since it began has the entries of before as well.
DELETE FROM "user_search" USING "user"
    WHERE "user_id" = "id" AND "updated_at" > now() - interval '1 minute'
        AND NOT ("findable" AND NOT "is_app" AND "entry" = ANY("search_entries"("username", "name")));
