-- CreateTable
CREATE TABLE "report" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reporter_id" BIGINT,
    "kind" VARCHAR(16) NOT NULL,
    "target_id" BIGINT NOT NULL,
    "chat_id" BIGINT,
    "author_id" BIGINT,
    "reason" VARCHAR(64) NOT NULL,
    "text" VARCHAR(1000),
    "evidence" JSONB,
    "state" VARCHAR(16) NOT NULL DEFAULT 'open',
    "is_escalated" BOOLEAN NOT NULL DEFAULT false,
    "claimant_type" VARCHAR(16),
    "claimant_id" BIGINT,
    "claimed_at" TIMESTAMPTZ(3),
    "resolved_at" TIMESTAMPTZ(3),
    "action" VARCHAR(16),
    "resolution" VARCHAR(512),

    CONSTRAINT "report_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "report_state_id_idx" ON "report"("state", "id");

-- CreateIndex
CREATE INDEX "report_reporter_id_id_idx" ON "report"("reporter_id", "id");

-- CreateIndex
CREATE INDEX "report_author_id_idx" ON "report"("author_id");

-- AddForeignKey
ALTER TABLE "report" ADD CONSTRAINT "report_reporter_id_fkey" FOREIGN KEY ("reporter_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- What follows is written by hand.

-- One report of each user about each thing that nobody has dealt with.
CREATE UNIQUE INDEX "report_open_key" ON "report"("reporter_id", "kind", "target_id") WHERE "state" <> 'resolved';
ALTER TABLE "report" ADD CONSTRAINT "report_state" CHECK (
    "state" IN ('open', 'claimed', 'resolved')
    AND ("state" = 'resolved') = ("resolved_at" IS NOT NULL)
    AND ("state" <> 'claimed' OR "claimed_at" IS NOT NULL)
);
ALTER TABLE "report" ADD CONSTRAINT "report_kind" CHECK ("kind" IN ('message', 'user', 'chat'));
