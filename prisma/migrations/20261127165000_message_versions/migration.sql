-- CreateTable
CREATE TABLE "message_version" (
    "message_id" BIGINT NOT NULL,
    "version" BIGINT NOT NULL,
    "author_id" BIGINT NOT NULL,
    "contents" VARCHAR(2047) NOT NULL,
    "custom" JSONB,
    "written_at" TIMESTAMPTZ(3) NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "message_version_pkey" PRIMARY KEY ("message_id","version")
);

-- CreateIndex
CREATE INDEX "message_version_author_id_idx" ON "message_version"("author_id");

-- CreateIndex
CREATE INDEX "message_version_replaced_at_idx" ON "message_version"("replaced_at");

-- AddForeignKey
ALTER TABLE "message_version" ADD CONSTRAINT "message_version_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;
