-- Nodes from before this column knew nothing of it, and left it where they sent or cancelled.
UPDATE "scheduled_message" SET "inputs" = NULL WHERE "inputs" IS NOT NULL AND "state" IN ('sent', 'cancelled');
