import type { FastifyRequest } from 'fastify';
import type { Narrowing } from './narrowing.js';

/** Whose a token is. */
export interface Identity {
  readonly userId: number;
  /** In ms since 1970. */
  readonly expiresAt: number;
  /** In ms since 1970. Of a token that does not say so exactly, the earliest time. */
  readonly issuedAt: number;
  /** The session that it belongs to; undefined: to none. */
  readonly sessionId?: number | undefined;
  /** undefined: it may do all that its user may. */
  readonly narrowing?: Narrowing | undefined;
}

/** Why a token is not accepted: what a client does about it differs. */
export type Refusal = 'TOKEN_EXPIRED' | 'TOKEN_INVALID' | 'TOKEN_REVOKED' | 'USER_SUSPENDED';

/** A secret of the host application's server. */
export interface ApiKey {
  readonly id: number;
  readonly scopes: ReadonlySet<string>;
}

/** A kind of credentials beside the server's own access tokens. */
export interface Credential {
  /** Whether a token is of this kind, by its looks. */
  matches(token: string): boolean;
  /**
   * @param request that carries it, for what else it says of itself; undefined: a frame does, and nobody has kept the request.
   * @returns undefined when it is no user's.
   */
  identify(token: string, request: FastifyRequest | undefined): Promise<Identity | Refusal | undefined>;
}
