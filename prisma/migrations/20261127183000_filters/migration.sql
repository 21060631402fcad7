-- AlterTable
ALTER TABLE "report" ADD COLUMN     "filter" VARCHAR(16);

-- CreateTable
CREATE TABLE "filter_settings" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "version" BIGINT NOT NULL DEFAULT 0,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settings" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "filter_settings_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "filter_settings" ADD CONSTRAINT "filter_settings_one" CHECK ("id");

INSERT INTO "filter_settings" DEFAULT VALUES;

-- A message that is edited again and again is reported once. No row has a filter yet.
CREATE UNIQUE INDEX "report_open_filter_key" ON "report"("target_id") WHERE "filter" IS NOT NULL AND "state" <> 'resolved';
