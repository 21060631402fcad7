/** Why a token of a host application is refused. */
export class HostTokenError extends Error {
  override readonly name = 'HostTokenError';

  /** @param claim which claim, or which field of the header, is at fault; undefined: it is the token as a whole. */
  constructor(
    readonly reason: 'TOKEN_EXPIRED' | 'TOKEN_INVALID',
    readonly claim?: string,
    options?: ErrorOptions,
  ) {
    super(claim === undefined ? 'The token is not valid.' : `The token is not valid: see its "${claim}".`, options);
  }
}
