import { once } from 'node:events';
import { request as open, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<IncomingMessage['headers']>;
  /** Of JSON what it says, or else the text. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into answers of every shape
  readonly body: any;
}

/** Asks the server through the network of the test. @throws Error when no answer comes. */
export type Ask = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

/**
 * Not by fetch, which tests replace. Each request has a connection of its own, so that none is left from before the network was
 * cut.
 * @param token in the header of each request; undefined: there is none.
 */
export function asking(url: string, token: string | undefined): Ask {
  return async (method, path, body, headers) => {
    const content = body === undefined ? undefined : JSON.stringify(body);
    const request = open(new URL(path, url), {
      method,
      agent: false,
      headers: {
        ...(content !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    request.end(content);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const answer = await text(response);
    const isJson = response.headers['content-type']?.startsWith('application/json') ?? false;
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: isJson ? (JSON.parse(answer) as unknown) : answer,
    };
  };
}
