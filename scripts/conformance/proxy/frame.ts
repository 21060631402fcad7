/** A frame of the socket, of either side. */
export interface Frame {
  readonly type: string;
  readonly ref?: string;
  readonly chat_id?: number;
  readonly pts?: number;
  readonly me_pts?: number;
  readonly data?: unknown;
  readonly [other: string]: unknown;
}

/** An `error` as the server answers a frame or a request that it can't serve now. */
export const AWAY = {
  status_code: 503,
  details: {
    code: 'SERVICE_UNAVAILABLE',
    message: 'The service is not available at the moment. Try again.',
    request_id: 'conformance',
  },
} as const;

/** The same of a request whose token has expired. */
export const EXPIRED = {
  status_code: 401,
  details: {
    code: 'NOT_AUTHORIZED',
    message: 'A valid access token is required.',
    reason: 'TOKEN_EXPIRED',
    request_id: 'conformance',
  },
} as const;
