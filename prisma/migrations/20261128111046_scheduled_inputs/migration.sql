-- AlterTable
ALTER TABLE "scheduled_message" ADD COLUMN     "inputs" JSONB;

ALTER TABLE "scheduled_message" ADD CONSTRAINT "scheduled_message_inputs" CHECK (jsonb_typeof("inputs") = 'object') NOT VALID;
