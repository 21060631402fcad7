-- AlterTable
ALTER TABLE "revocation" ADD COLUMN     "erased" BOOLEAN;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "erased_at" TIMESTAMPTZ(3),
ADD COLUMN     "is_nobody" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "erasure" (
    "user_id" BIGINT NOT NULL,
    "messages" VARCHAR(16) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "due_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erasure_pkey" PRIMARY KEY ("user_id")
);

-- CreateIndex
CREATE INDEX "erasure_due_at_idx" ON "erasure"("due_at");

-- AddForeignKey
ALTER TABLE "erasure" ADD CONSTRAINT "erasure_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

CREATE UNIQUE INDEX "user_is_nobody_key" ON "user"("is_nobody") WHERE "is_nobody";

-- Whatever writes to a row of which somebody was erased meanwhile fails. The columns are new, or no row has been erased.
ALTER TABLE "user" ADD CONSTRAINT "user_erased_check" CHECK (
    "erased_at" IS NULL OR (
        "email" IS NULL AND "password" IS NULL AND NOT "email_confirmed" AND "external_id" IS NULL
        AND "bio" IS NULL AND "avatar_url" IS NULL
        AND "custom" IS NULL AND "trusted" IS NULL AND "private" IS NULL AND "internal" IS NULL
        AND "role" = 'user' AND "suspended_at" IS NULL AND NOT "is_app"
    )
) NOT VALID;
ALTER TABLE "user" ADD CONSTRAINT "user_is_nobody_check" CHECK (NOT "is_nobody" OR "erased_at" IS NOT NULL) NOT VALID;
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_erased_check"
    CHECK ("erased" IS NULL OR ("erased" AND "user_id" IS NOT NULL)) NOT VALID;
ALTER TABLE "erasure" ADD CONSTRAINT "erasure_messages_check" CHECK ("messages" IN ('keep', 'anonymise', 'purge'));
