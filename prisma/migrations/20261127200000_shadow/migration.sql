-- AlterTable
ALTER TABLE "chat_event" ADD COLUMN     "only_for" BIGINT;

-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "shadow_message_id" BIGINT,
ADD COLUMN     "shadowed_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "message" ADD COLUMN     "own_edit" JSONB,
ADD COLUMN     "shadow_replies" BOOLEAN,
ADD COLUMN     "shadowed" BOOLEAN;

-- AlterTable
ALTER TABLE "message_version" ADD COLUMN     "shadowed" BOOLEAN;

-- AlterTable
ALTER TABLE "thread_change" ADD COLUMN     "shadowed" BOOLEAN;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "was_shadowed" BOOLEAN;

-- CreateTable
CREATE TABLE "shadow_reply" (
    "root_id" BIGINT NOT NULL,
    "author_id" BIGINT NOT NULL,
    "message_id" BIGINT NOT NULL,

    CONSTRAINT "shadow_reply_pkey" PRIMARY KEY ("root_id","author_id","message_id")
);

-- What follows is written by hand.

ALTER TABLE "chat_sanction" DROP CONSTRAINT "chat_sanction_kind";
ALTER TABLE "chat_sanction" ADD CONSTRAINT "chat_sanction_kind" CHECK (
    "kind" IN ('restriction', 'ban', 'shadow')
    AND ("kind" = 'restriction') = ("role_before" IS NOT NULL)
    AND ("due_at" IS NULL OR ("kind" = 'restriction' AND "until" IS NOT NULL))
);

-- Replies of the shadow are kept apart, so that nothing that looks into a thread comes upon them.
CREATE OR REPLACE FUNCTION "note_thread_reply"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    reply "message" := CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
BEGIN
    IF reply."shadowed" THEN
        IF TG_OP = 'INSERT' THEN
            INSERT INTO "shadow_reply" ("root_id", "author_id", "message_id") VALUES (reply."thread_id", reply."author_id", reply."id");
        ELSE
            -- With another author nobody sees it.
            DELETE FROM "shadow_reply"
            WHERE "root_id" = reply."thread_id" AND "author_id" = reply."author_id" AND "message_id" = reply."id";
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO "thread_reply" ("root_id", "message_id") VALUES (reply."thread_id", reply."id");
    ELSIF TG_OP = 'DELETE' THEN
        DELETE FROM "thread_reply" WHERE "root_id" = reply."thread_id" AND "message_id" = reply."id";
    END IF;
    INSERT INTO "thread_change" ("chat_id", "root_id", "message_id", "author_id", "delta", "shadowed")
    VALUES (reply."chat_id", reply."thread_id", reply."id", reply."author_id",
        CASE TG_OP WHEN 'INSERT' THEN 1 WHEN 'DELETE' THEN -1 ELSE 0 END, reply."shadowed");
    RETURN NULL;
END
$$;

-- What a message shows of its thread to somebody who may have written there in the shadow.
CREATE FUNCTION "thread_shown"("thread" JSONB, "root" BIGINT, "reader" BIGINT, "max_participants" INTEGER) RETURNS JSONB
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path FROM CURRENT AS $$
DECLARE
    own record;
BEGIN
    SELECT count(*)::int AS "count", max(reply."message_id") AS "last_id" INTO own
    FROM "shadow_reply" reply WHERE reply."root_id" = "root" AND reply."author_id" = "reader";
    IF own."count" = 0 THEN
        RETURN "thread";
    END IF;
    RETURN coalesce("thread", '{}') || jsonb_build_object(
        'reply_count', coalesce(("thread" ->> 'reply_count')::int, 0) + own."count",
        'participants', CASE
            WHEN coalesce("thread" -> 'participants', '[]') @> to_jsonb("reader")
                OR jsonb_array_length("thread" -> 'participants') >= "max_participants" THEN "thread" -> 'participants'
            ELSE coalesce("thread" -> 'participants', '[]') || to_jsonb("reader")
        END
    ) || CASE WHEN own."last_id" < coalesce(("thread" ->> 'last_reply_id')::bigint, 0) THEN '{}' ELSE (
        SELECT jsonb_build_object(
            'last_reply_id', own."last_id",
            'last_reply_at', to_char(last."created_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) FROM "message" last WHERE last."id" = own."last_id"
    ) END;
END $$;

-- 20 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables.
ALTER TABLE "shadow_reply" SET (vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
DO $$
BEGIN
    BEGIN
        -- The pages of rows that are rolled back stay.
        INSERT INTO "shadow_reply" ("root_id", "author_id", "message_id") SELECT -n, -n, -n FROM generate_series(1, 3600) n;
        RAISE EXCEPTION 'roll back';
    EXCEPTION
        WHEN raise_exception THEN NULL;
    END;
    IF pg_relation_size('shadow_reply') < 20 * current_setting('block_size')::integer THEN
        RAISE EXCEPTION 'The table shadow_reply has too few pages.';
    END IF;
END $$;
