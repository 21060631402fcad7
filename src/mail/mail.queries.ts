import type { Database, Transaction } from '../database/index.js';
import type { Mail } from './mail.js';

/** A mail that this process, and no other, tries to send now. */
export interface ClaimedMail {
  readonly id: string;
  /** How often it has been tried, this time included. */
  readonly tries: number;
  readonly mail: Mail;
  /** How long until it is given up, in ms. */
  readonly leftMs: number;
}

/** @param usefulMs how long it is tried to send it. */
export async function insertMail(tx: Transaction, mail: Mail, usefulMs: number): Promise<void> {
  await tx.$executeRaw`
    insert into public.mail (give_up_at, mail)
    values (now() + ${usefulMs}::float8 * interval '1 millisecond', ${JSON.stringify(mail)}::jsonb)`;
}

/**
 * Takes mails that are due, the longest due first. Nobody else tries them for so long; then somebody does, should this
 * process have died. No transaction stays open meanwhile: the embedded database has one connection.
 */
export async function claimMails(db: Database, count: number, leaseMs: number): Promise<ClaimedMail[]> {
  return db.$queryRaw<ClaimedMail[]>`
    with due as materialized (
      select id from public.mail where due_at <= now() order by due_at limit ${count} for update skip locked
    )
    update public.mail set tries = tries + 1, due_at = now() + ${leaseMs}::float8 * interval '1 millisecond'
    from due where mail.id = due.id
    returning mail.id::text as id, tries, mail,
      (extract(epoch from give_up_at - now()) * 1000)::float8 as "leftMs"`;
}

/** A mail that has been sent, or given up. A later claim of another process keeps its own. */
export async function removeMail(db: Database, { id, tries }: ClaimedMail): Promise<void> {
  await db.$executeRaw`delete from public.mail where id = ${id}::uuid and tries = ${tries}`;
}

export async function postponeMail(db: Database, { id, tries }: ClaimedMail, delayMs: number): Promise<void> {
  await db.$executeRaw`
    update public.mail set due_at = now() + ${delayMs}::float8 * interval '1 millisecond'
    where id = ${id}::uuid and tries = ${tries}`;
}
