-- AlterTable
ALTER TABLE "message" ALTER COLUMN "contents" SET DATA TYPE VARCHAR(20000);

-- AlterTable
ALTER TABLE "message_version" ALTER COLUMN "contents" SET DATA TYPE VARCHAR(20000);
