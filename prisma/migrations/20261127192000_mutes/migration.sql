-- CreateTable
CREATE TABLE "user_mute" (
    "user_id" BIGINT NOT NULL,
    "muted_user_id" BIGINT NOT NULL,
    "muted_at" TIMESTAMPTZ(3),
    "until" TIMESTAMPTZ(3),
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "user_mute_pkey" PRIMARY KEY ("user_id","muted_user_id")
);

-- CreateIndex
CREATE INDEX "user_mute_muted_user_id_idx" ON "user_mute"("muted_user_id");

-- CreateIndex
CREATE UNIQUE INDEX "user_mute_user_id_me_pts_key" ON "user_mute"("user_id", "me_pts");

-- What follows is written by hand, but for the foreign keys at the end.

-- The people whom a user has muted, the newest first.
CREATE INDEX "user_mute_now_idx" ON "user_mute"("user_id", "me_pts") WHERE "muted_at" IS NOT NULL;

ALTER TABLE "user_mute"
    ADD CONSTRAINT "user_mute_other_check" CHECK ("user_id" <> "muted_user_id"),
    ADD CONSTRAINT "user_mute_me_pts_check" CHECK ("me_pts" > 0),
    ADD CONSTRAINT "user_mute_until_check" CHECK ("until" IS NULL OR "muted_at" IS NOT NULL);

-- 20 pages, so that plans of the empty table find its rows by indexes: see plans_of_small_tables. Before there are foreign
-- keys, because nobody has these ids.
ALTER TABLE "user_mute" SET (
    vacuum_truncate = false, autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05
);
DO $$
BEGIN
    INSERT INTO "user_mute" ("user_id", "muted_user_id", "me_pts")
        SELECT -n, n, n FROM generate_series(1, 3600) n;
    RAISE EXCEPTION 'roll back';
EXCEPTION
    WHEN raise_exception THEN NULL;
END $$;

-- AddForeignKey
ALTER TABLE "user_mute" ADD CONSTRAINT "user_mute_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "user_mute" ADD CONSTRAINT "user_mute_muted_user_id_fkey" FOREIGN KEY ("muted_user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
