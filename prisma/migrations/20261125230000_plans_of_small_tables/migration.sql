-- PostgreSQL keeps the plans of prepared statements and of foreign keys, and it scans a table of few pages, whatever indexes it
-- has: such a plan goes on scanning while the table grows. So the tables that grow have 64 pages, half a megabyte, before
-- their first row, and VACUUM must leave them these pages. Then a row is found by an index from the beginning, also when
-- the empty tables have been analyzed.
ALTER TABLE "user" SET (vacuum_truncate = false);
ALTER TABLE "chat" SET (vacuum_truncate = false);
ALTER TABLE "chat_participant" SET (vacuum_truncate = false);
ALTER TABLE "message" SET (vacuum_truncate = false);
ALTER TABLE "chat_event" SET (vacuum_truncate = false);

-- The pages of rows that are rolled back stay. The ids are negative, so that no row and no sequence is touched.
DO $$
DECLARE
    filling CONSTANT text := repeat('x', 240);
BEGIN
    INSERT INTO "user" ("id", "username", "email", "password")
        SELECT -n, 'page-' || n, n || '@' || filling, '$argon2id$' || filling FROM generate_series(1, 1200) n;
    INSERT INTO "chat" ("id", "type", "name", "creator_id")
        SELECT -n, 'group', filling, -n FROM generate_series(1, 1200) n;
    INSERT INTO "chat_participant" ("chat_id", "user_id", "joined_order")
        SELECT -n, -m, 0 FROM generate_series(1, 100) n, generate_series(1, 80) m;
    INSERT INTO "message" ("id", "chat_id", "author_id", "contents", "pts")
        SELECT -n, -n, -n, repeat(filling, 7), 1 FROM generate_series(1, 300) n;
    INSERT INTO "chat_event" ("chat_id", "pts", "type", "actor_id", "data")
        SELECT -n, 1, 'chat.created', -n, to_jsonb(repeat(filling, 7)) FROM generate_series(1, 300) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- Autovacuum's defaults wait for a share of the table: in a large one the newest messages, which are the ones that are read,
-- would be unknown to the planner for long. It looks at a table once a minute at the most, whatever these say.
ALTER TABLE "user" SET (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "chat_participant" SET (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "chat_event" SET (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
ALTER TABLE "message" SET (
    autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.02,
    autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.02
);
-- Each send leaves a dead row of its chat.
ALTER TABLE "chat" SET (
    autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.1,
    autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0.05
);
