-- A migration of its own: it takes its time, and holds no lock that others wait for. The trigger of the one before writes what changes
-- meanwhile.
INSERT INTO "user_search" ("entry", "user_id", "is_whole")
    SELECT '//' || "entry", "id", false
    FROM "user", unnest("search_entries"("username", "name")) "entry"
    WHERE "teams" <> '{}' AND "findable" AND NOT "is_app"
    ON CONFLICT DO NOTHING;

INSERT INTO "user_word" ("word")
    SELECT DISTINCT "word" FROM (
        SELECT substring("entry" FROM '^(?://)?([^0-9 /]{3,})') AS "word" FROM "user_search"
    ) "begun" WHERE "word" IS NOT NULL
    EXCEPT SELECT "word" FROM "user_word";

-- What was somebody's when it began.
SELECT "drop_search_words"(array(SELECT "word" FROM "user_word"));
