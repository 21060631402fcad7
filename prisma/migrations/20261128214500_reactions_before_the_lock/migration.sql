-- Reactions are written before their chat is locked. Checked at once, each would lock its message and its user, for which somebody could wait who
-- has the chat locked already: a deadlock. Prisma knows no deferred constraints.
alter table "reaction"
  alter constraint "reaction_message_id_fkey" deferrable initially deferred,
  alter constraint "reaction_user_id_fkey" deferrable initially deferred;
