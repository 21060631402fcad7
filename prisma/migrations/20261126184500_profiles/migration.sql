-- AlterTable
ALTER TABLE "user" ADD COLUMN     "avatar_url" VARCHAR(1024),
ADD COLUMN     "custom" JSONB,
ADD COLUMN     "external_id" VARCHAR(255),
ADD COLUMN     "internal" JSONB,
ADD COLUMN     "me_pts" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "name" VARCHAR(128),
ADD COLUMN     "private" JSONB,
ADD COLUMN     "profile_pts" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "trusted" JSONB,
ALTER COLUMN "email" DROP NOT NULL,
ALTER COLUMN "password" DROP NOT NULL;

-- AlterTable
ALTER TABLE "chat" ADD COLUMN     "avatar_url" VARCHAR(1024),
ADD COLUMN     "custom" JSONB,
ADD COLUMN     "internal" JSONB,
ADD COLUMN     "key" VARCHAR(255),
ADD COLUMN     "trusted" JSONB;

-- AlterTable
ALTER TABLE "chat_participant" ADD COLUMN     "private" JSONB;

-- CreateTable
CREATE TABLE "profile_log" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "last_pts" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "profile_log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_external_id_key" ON "user"("external_id");

-- CreateIndex
CREATE UNIQUE INDEX "chat_key_key" ON "chat"("key");

-- What follows is written by hand.

ALTER TABLE "profile_log" ADD CONSTRAINT "profile_log_id_check" CHECK ("id"),
    ADD CONSTRAINT "profile_log_last_pts_check" CHECK ("last_pts" >= 0);
INSERT INTO "profile_log" DEFAULT VALUES;

-- Which profiles have changed lately. Those that never have are left out.
CREATE UNIQUE INDEX "user_profile_pts_key" ON "user"("profile_pts") WHERE "profile_pts" > 0;

ALTER TABLE "user"
    ADD CONSTRAINT "user_external_id_check" CHECK ("external_id" <> ''),
    ADD CONSTRAINT "user_name_check" CHECK ("name" <> ''),
    ADD CONSTRAINT "user_avatar_url_check" CHECK ("avatar_url" ~ '^https?://'),
    ADD CONSTRAINT "user_custom_check" CHECK (jsonb_typeof("custom") = 'object'),
    ADD CONSTRAINT "user_trusted_check" CHECK (jsonb_typeof("trusted") = 'object'),
    ADD CONSTRAINT "user_private_check" CHECK (jsonb_typeof("private") = 'object'),
    ADD CONSTRAINT "user_internal_check" CHECK (jsonb_typeof("internal") = 'object'),
    ADD CONSTRAINT "user_profile_pts_check" CHECK ("profile_pts" >= 0),
    ADD CONSTRAINT "user_me_pts_check" CHECK ("me_pts" >= 0);

ALTER TABLE "chat"
    ADD CONSTRAINT "chat_key_check" CHECK ("key" <> ''),
    ADD CONSTRAINT "chat_avatar_url_check" CHECK ("avatar_url" ~ '^https?://'),
    ADD CONSTRAINT "chat_custom_check" CHECK (jsonb_typeof("custom") = 'object'),
    ADD CONSTRAINT "chat_trusted_check" CHECK (jsonb_typeof("trusted") = 'object'),
    ADD CONSTRAINT "chat_internal_check" CHECK (jsonb_typeof("internal") = 'object');

ALTER TABLE "chat_participant"
    ADD CONSTRAINT "chat_participant_private_check" CHECK (jsonb_typeof("private") = 'object');
