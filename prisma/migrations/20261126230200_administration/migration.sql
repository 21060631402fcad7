-- CreateEnum
CREATE TYPE "user_role" AS ENUM ('user', 'admin');

-- AlterTable
ALTER TABLE "revocation" ADD COLUMN     "suspended" BOOLEAN;

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "role" "user_role" NOT NULL DEFAULT 'user',
ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "suspension_reason" VARCHAR(500);

-- CreateTable
CREATE TABLE "audit_log" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),
    "actor_type" VARCHAR(16) NOT NULL,
    "actor_id" BIGINT,
    "action" VARCHAR(64) NOT NULL,
    "user_id" BIGINT,
    "address" VARCHAR(64),
    "details" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_log_user_id_id_idx" ON "audit_log"("user_id", "id");

-- CreateIndex
CREATE INDEX "audit_log_action_id_idx" ON "audit_log"("action", "id");

-- What follows is written by hand.

-- The users who are suspended, for a node that begins, and the admins.
CREATE INDEX "user_suspended_idx" ON "user"("id") WHERE "suspended_at" IS NOT NULL;
CREATE INDEX "user_admin_idx" ON "user"("id") WHERE "role" = 'admin';

ALTER TABLE "user" ADD CONSTRAINT "user_suspension_check"
    CHECK ("suspension_reason" IS NULL OR "suspended_at" IS NOT NULL) NOT VALID;
ALTER TABLE "revocation" ADD CONSTRAINT "revocation_suspended_check"
    CHECK ("suspended" IS NULL OR ("user_id" IS NOT NULL AND "tokens_before" IS NOT NULL)) NOT VALID;
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_actor_check"
    CHECK ("actor_type" IN ('user', 'key', 'operator', 'system') AND ("actor_id" IS NOT NULL) = ("actor_type" IN ('user', 'key')));
ALTER TABLE "audit_log" ADD CONSTRAINT "audit_log_action_check" CHECK ("action" <> '');

-- Who could change the log could hide what they did.
CREATE OR REPLACE FUNCTION "refuse_change_of_audit_log"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit log can only be added to.' USING ERRCODE = 'insufficient_privilege';
END
$$;
DROP TRIGGER IF EXISTS "audit_log_is_append_only" ON "audit_log";
CREATE TRIGGER "audit_log_is_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit_log"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change_of_audit_log"();
