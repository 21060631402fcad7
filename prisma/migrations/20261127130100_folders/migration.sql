-- CreateTable
CREATE TABLE "chat_folders" (
    "user_id" BIGINT NOT NULL,
    "folders" JSONB NOT NULL,
    "me_pts" BIGINT NOT NULL,

    CONSTRAINT "chat_folders_pkey" PRIMARY KEY ("user_id")
);

-- AddForeignKey
ALTER TABLE "chat_folders" ADD CONSTRAINT "chat_folders_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What follows is written by hand.

ALTER TABLE "chat_folders" ADD CONSTRAINT "chat_folders_folders_check"
    CHECK (jsonb_typeof("folders") = 'array' AND jsonb_array_length("folders") <= 20);
