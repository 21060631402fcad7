-- CreateTable
CREATE TABLE "session" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "user_id" BIGINT NOT NULL,
    "device" VARCHAR(128),
    "address" VARCHAR(64),
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "salt" BYTEA NOT NULL,
    "counter" INTEGER NOT NULL DEFAULT 1,
    "is_repeated" BOOLEAN NOT NULL DEFAULT false,
    "was_repeated" BOOLEAN NOT NULL DEFAULT false,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "revocation" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "session_id" BIGINT,
    "user_id" BIGINT,
    "tokens_before" TIMESTAMPTZ(3),
    "keep_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "revocation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "revocation_created_at_idx" ON "revocation"("created_at");

-- CreateIndex
CREATE INDEX "revocation_keep_until_idx" ON "revocation"("keep_until");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

ALTER TABLE "session" ADD CONSTRAINT "session_counter_check" CHECK ("counter" > 0);
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_of_check" CHECK (("session_id" IS NULL) <> ("tokens_before" IS NULL));
