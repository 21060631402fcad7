-- AlterTable
ALTER TABLE "user" ADD COLUMN     "accepts_messages" VARCHAR(16) NOT NULL DEFAULT 'everybody';

-- CreateTable
CREATE TABLE "user_block" (
    "user_id" BIGINT NOT NULL,
    "blocked_user_id" BIGINT NOT NULL,
    "blocked_at" TIMESTAMPTZ(3),
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "user_block_pkey" PRIMARY KEY ("user_id","blocked_user_id")
);

-- CreateIndex
CREATE INDEX "user_block_blocked_user_id_idx" ON "user_block"("blocked_user_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_block_user_id_me_pts_key" ON "user_block"("user_id", "me_pts");

-- What follows is written by hand, but for the foreign keys at the end.

-- The people whom a user has blocked now, the newest first.
CREATE INDEX "user_block_now_idx" ON "user_block"("user_id", "me_pts") WHERE "blocked_at" IS NOT NULL;

ALTER TABLE "user_block"
    ADD CONSTRAINT "user_block_other_check" CHECK ("user_id" <> "blocked_user_id"),
    ADD CONSTRAINT "user_block_me_pts_check" CHECK ("me_pts" > 0);

-- The column is new: no row can be otherwise.
ALTER TABLE "user" ADD CONSTRAINT "user_accepts_messages_check" CHECK ("accepts_messages" IN ('everybody', 'nobody')) NOT VALID;

-- 64 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables. Before there are foreign
-- keys, because nobody has these ids.
ALTER TABLE "user_block" SET (
    vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
DO $$
BEGIN
    INSERT INTO "user_block" ("user_id", "blocked_user_id", "me_pts")
        SELECT -n, n, n FROM generate_series(1, 10000) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- AddForeignKey
ALTER TABLE "user_block" ADD CONSTRAINT "user_block_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_block" ADD CONSTRAINT "user_block_blocked_user_id_fkey" FOREIGN KEY ("blocked_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
