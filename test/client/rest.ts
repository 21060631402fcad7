/** Somebody with an account. */
export interface Account {
  readonly id: number;
  readonly username: string;
  readonly token: string;
}

/** A request of the REST API. @throws Error when the answer is not 200. */
export async function ask<T>(url: string, path: string, token?: string, body?: object): Promise<T> {
  const method = body === undefined ? 'GET' : 'POST';
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok)
    throw new Error(`${method} ${path} was answered with ${response.status}: ${JSON.stringify(answer)}`);
  return answer as T;
}

export async function register(url: string, username: string, password: string): Promise<Account> {
  const body = { username, email: `${username}@example.com`, password };
  const { access_token: token } = await ask<{ access_token: string }>(url, '/register', undefined, body);
  const { id } = await ask<{ id: number }>(url, '/user/me', token);
  return { id, username, token };
}

export async function openGroup(url: string, { token }: Account, others: readonly Account[]): Promise<number> {
  const body = { with_ids: others.map(({ id }) => id), name: 'a group' };
  return (await ask<{ id: number }>(url, '/chat/group/create', token, body)).id;
}
