-- CreateEnum
CREATE TYPE "chat_type" AS ENUM ('private', 'group');

-- CreateEnum
CREATE TYPE "participant_role" AS ENUM ('owner', 'member');

-- CreateTable
CREATE TABLE "user" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "username" VARCHAR(64) NOT NULL,
    "email" VARCHAR(255) NOT NULL,
    "password" VARCHAR(255) NOT NULL,
    "bio" VARCHAR(64),
    "email_confirmed" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chat" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" "chat_type" NOT NULL,
    "name" VARCHAR(255),
    "creator_id" BIGINT NOT NULL,
    "private_key" VARCHAR(41),
    "last_pts" BIGINT NOT NULL DEFAULT 0,
    "last_message_id" BIGINT,
    "last_activity_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "chat_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chat_participant" (
    "chat_id" BIGINT NOT NULL,
    "user_id" BIGINT NOT NULL,
    "role" "participant_role" NOT NULL DEFAULT 'member',
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "joined_order" BIGSERIAL NOT NULL,
    "last_read_message_id" BIGINT,
    "muted_until" TIMESTAMPTZ(3),
    "pinned_at" TIMESTAMPTZ(3),
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "chat_participant_pkey" PRIMARY KEY ("chat_id","user_id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "chat_id" BIGINT NOT NULL,
    "author_id" BIGINT NOT NULL,
    "contents" VARCHAR(2047) NOT NULL,
    "pts" BIGINT NOT NULL,
    "client_id" VARCHAR(64),
    "reply_to_id" BIGINT,
    "edited_at" TIMESTAMPTZ(3),

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "chat_event" (
    "chat_id" BIGINT NOT NULL,
    "pts" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "type" VARCHAR(32) NOT NULL,
    "actor_id" BIGINT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "chat_event_pkey" PRIMARY KEY ("chat_id","pts")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "chat_private_key_key" ON "chat"("private_key");

-- CreateIndex
CREATE INDEX "chat_creator_id_idx" ON "chat"("creator_id");

-- CreateIndex
CREATE INDEX "chat_participant_user_id_idx" ON "chat_participant"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_author_id_client_id_key" ON "message"("author_id", "client_id");

-- CreateIndex
CREATE UNIQUE INDEX "message_chat_id_id_key" ON "message"("chat_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "message_chat_id_pts_key" ON "message"("chat_id", "pts");

-- CreateIndex
CREATE INDEX "chat_event_actor_id_idx" ON "chat_event"("actor_id");

-- AddForeignKey
ALTER TABLE "chat" ADD CONSTRAINT "chat_creator_id_fkey" FOREIGN KEY ("creator_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat" ADD CONSTRAINT "chat_id_last_message_id_fkey" FOREIGN KEY ("id", "last_message_id") REFERENCES "message"("chat_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_participant" ADD CONSTRAINT "chat_participant_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_participant" ADD CONSTRAINT "chat_participant_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_event" ADD CONSTRAINT "chat_event_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "chat_event" ADD CONSTRAINT "chat_event_actor_id_fkey" FOREIGN KEY ("actor_id") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What follows is written by hand: Prisma's schema has no words for it, and its difference leaves it alone.

-- Names are compared without case. "C" because a database's own rules may make another letter of an I.
CREATE UNIQUE INDEX "user_username_key" ON "user" (lower("username" COLLATE "C"));

ALTER TABLE "user"
    ADD CONSTRAINT "user_username_check" CHECK ("username" ~ '^[A-Za-z0-9_.-]{1,64}$'),
    ADD CONSTRAINT "user_email_check" CHECK ("email" = lower("email" COLLATE "C") AND "email" LIKE '_%@_%'),
    ADD CONSTRAINT "user_password_check" CHECK ("password" LIKE '$argon2id$%');

ALTER TABLE "chat"
    ADD CONSTRAINT "chat_name_check" CHECK (("type" = 'group') = ("name" IS NOT NULL)),
    ADD CONSTRAINT "chat_private_key_check" CHECK (
        CASE "type"
            WHEN 'private' THEN "private_key" IS NOT NULL
                AND "private_key" ~ '^[1-9][0-9]*:[1-9][0-9]*$'
                AND split_part("private_key", ':', 1)::bigint < split_part("private_key", ':', 2)::bigint
            ELSE "private_key" IS NULL
        END
    ),
    ADD CONSTRAINT "chat_last_pts_check" CHECK ("last_pts" >= 0);

ALTER TABLE "message"
    ADD CONSTRAINT "message_contents_check" CHECK ("contents" <> ''),
    ADD CONSTRAINT "message_pts_check" CHECK ("pts" > 0);

ALTER TABLE "chat_event"
    ADD CONSTRAINT "chat_event_type_check" CHECK ("type" IN ('chat.created', 'message.deleted')),
    ADD CONSTRAINT "chat_event_pts_check" CHECK ("pts" > 0);

-- Each send rewrites its chat's row. Room on the page, and no index on what a send changes, let PostgreSQL do it in place.
ALTER TABLE "chat" SET (fillfactor = 70);
