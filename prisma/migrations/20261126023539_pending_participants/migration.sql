-- CreateTable
CREATE TABLE "pending_participants" (
    "chat_id" BIGINT NOT NULL,
    "position" INTEGER NOT NULL,
    "user_ids" BIGINT[],

    CONSTRAINT "pending_participants_pkey" PRIMARY KEY ("chat_id","position")
);

-- AddForeignKey
ALTER TABLE "pending_participants" ADD CONSTRAINT "pending_participants_chat_id_fkey" FOREIGN KEY ("chat_id") REFERENCES "chat"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
