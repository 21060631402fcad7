import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'mr';
const PATTERN = /^mr_([1-9]\d{0,15})_([1-9]\d{0,9})_([\w-]{43})$/;

/** What a refresh token says of itself; nothing of it is checked yet. */
interface ReadToken {
  readonly sessionId: number;
  readonly number: number;
  readonly proof: string;
}

/**
 * Makes the refresh tokens of sessions from the secret of the server, so that nothing of them is kept: the same number of the same
 * session is the same token, and one that is made up is known as such.
 */
export class RefreshTokens {
  readonly #secrets: readonly string[];

  /** @param secrets the first makes tokens, all of them are good. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets;
  }

  make(sessionId: number, number: number, salt: Uint8Array): string {
    return `${PREFIX}_${sessionId}_${number}_${prove(this.#secrets[0] ?? '', sessionId, number, salt)}`;
  }

  /** @returns undefined for what is no refresh token. */
  read(token: string): ReadToken | undefined {
    const [, sessionId, number, proof] = PATTERN.exec(token) ?? [];
    if (sessionId === undefined || number === undefined || proof === undefined) return undefined;
    return { sessionId: Number(sessionId), number: Number(number), proof };
  }

  isGenuine({ sessionId, number, proof }: ReadToken, salt: Uint8Array): boolean {
    return this.#secrets.some((secret) =>
      timingSafeEqual(Buffer.from(proof), Buffer.from(prove(secret, sessionId, number, salt))),
    );
  }
}

function prove(secret: string, sessionId: number, number: number, salt: Uint8Array): string {
  return createHmac('sha256', secret).update(`refresh ${sessionId} ${number} `).update(salt).digest('base64url');
}
