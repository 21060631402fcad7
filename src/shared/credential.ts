import type { FastifyRequest } from 'fastify';

/** Whose a token is. */
export interface Identity {
  readonly userId: number;
  /** In ms since 1970. */
  readonly expiresAt: number;
}

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
   * @returns undefined when it is not valid, or when it is no user's.
   */
  identify(token: string, request: FastifyRequest | undefined): Promise<Identity | undefined>;
}
