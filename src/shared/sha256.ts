import { createHash } from 'node:crypto';

/** The digest as Prisma takes bytes. For what is random, or no secret: a password needs another. */
export function sha256(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}
