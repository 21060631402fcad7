import { Prisma } from './generated/client.js';

/** What Prisma wants for a column that is JSON or null: its own null, since JSON has one too. */
export function toJsonColumn(data: Readonly<Record<string, unknown>> | readonly string[] | null | undefined) {
  return data ? (data as Prisma.InputJsonValue) : Prisma.DbNull;
}
