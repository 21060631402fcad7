-- AlterTable
ALTER TABLE "message" ADD COLUMN     "custom" JSONB;

-- What follows is written by hand. The column is new: no row can be otherwise.

ALTER TABLE "message" ADD CONSTRAINT "message_custom" CHECK (jsonb_typeof("custom") = 'object') NOT VALID;
