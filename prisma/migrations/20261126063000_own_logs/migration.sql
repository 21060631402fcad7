-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "send_guard" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "read_me_pts" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "settings_me_pts" BIGINT NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "user_log" (
    "user_id" BIGINT NOT NULL,
    "me_pts" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "user_log_pkey" PRIMARY KEY ("user_id")
);

-- AddForeignKey
ALTER TABLE "user_log" ADD CONSTRAINT "user_log_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

-- The kinds of changes are described in the code, each once. A list here would be a second one.
ALTER TABLE "chat_event"
    DROP CONSTRAINT "chat_event_type_check",
    ADD CONSTRAINT "chat_event_type_check" CHECK ("type" ~ '^[a-z]+([._][a-z]+)*$');

ALTER TABLE "chat" ADD CONSTRAINT "chat_send_guard_check" CHECK ("send_guard" >= 0);
ALTER TABLE "user_log" ADD CONSTRAINT "user_log_me_pts_check" CHECK ("me_pts" >= 0);

-- While the version before this one runs beside it: what that version says to sends by last_event_pts, the guard says too.
CREATE FUNCTION "move_send_guard"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW."send_guard" := OLD."send_guard" + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER "chat_send_guard" BEFORE UPDATE ON "chat" FOR EACH ROW
    WHEN (OLD."last_event_pts" <> NEW."last_event_pts" AND OLD."send_guard" = NEW."send_guard")
    EXECUTE FUNCTION "move_send_guard"();

-- It grows: a plan that is made while it is empty must read it by its index, see plans_of_small_tables.
ALTER TABLE "user_log" SET (
    vacuum_truncate = false,
    autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
-- The rows are of users that there are not, so none of them stays; their pages do.
DO $$
BEGIN
    INSERT INTO "user_log" ("user_id") SELECT -n FROM generate_series(1, 14000) n;
EXCEPTION
    WHEN foreign_key_violation THEN NULL;
END $$;
