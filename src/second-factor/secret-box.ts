import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Sets the key apart from all others that are made of the same secret. */
const PURPOSE = 'messenger-backend second factor';

interface Opened {
  readonly secret: Uint8Array<ArrayBuffer>;
  /** Whether it was closed with a key that is being replaced. */
  readonly isOutdated: boolean;
}

/** Encrypts the secrets of second factors, each for its user: in the row of another it can't be opened. */
export class SecretBox {
  readonly #keys: readonly Uint8Array[];

  /** @param secrets of the server: the first encrypts, all of them decrypt. */
  constructor(secrets: readonly string[]) {
    this.#keys = secrets.map((secret) => new Uint8Array(hkdfSync('sha256', secret, '', PURPOSE, KEY_BYTES)));
  }

  close(userId: number, secret: Uint8Array): Uint8Array<ArrayBuffer> {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#keys[0] ?? '', nonce).setAAD(ownerOf(userId));
    return new Uint8Array(Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]));
  }

  /** @returns undefined when none of the keys opens it. */
  open(userId: number, closed: Uint8Array): Opened | undefined {
    for (const [index, key] of this.#keys.entries()) {
      const decipher = createDecipheriv(ALGORITHM, key, closed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(ownerOf(userId))
        .setAuthTag(closed.subarray(-TAG_BYTES));
      try {
        const text = [decipher.update(closed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
        return { secret: new Uint8Array(Buffer.concat(text)), isOutdated: index > 0 };
      } catch {
        // The next key may open it.
      }
    }
    return undefined;
  }
}

function ownerOf(userId: number): Buffer {
  return Buffer.from(String(userId));
}
