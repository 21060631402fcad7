import type { AddressInfo } from 'node:net';
import createClient from 'openapi-fetch';
import { beforeAll, describe, expect, it } from 'vitest';
import type { components, paths } from './generated/openapi.js';
import { useApp } from './support/app.js';
import { PASSWORD, uniqueName } from './support/client.js';

const test = useApp();

let baseUrl: string;
beforeAll(async () => {
  await test.app.listen({ port: 0, host: '127.0.0.1' });
  baseUrl = `http://127.0.0.1:${(test.app.server.address() as AddressInfo).port}`;
});

/** A client as somebody would write it who has nothing but the types made of openapi.json. */
async function signUp() {
  const username = uniqueName();
  const { data } = await createClient<paths>({ baseUrl }).POST('/register', {
    body: { username, email: `${username}@example.com`, password: PASSWORD },
  });
  const token: string = data!.access_token;
  const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${token}` } });
  const me: components['schemas']['User'] = (await client.GET('/user/me')).data!;
  return { client, me };
}

describe('a client made of the types of openapi.json', () => {
  it('holds a conversation', async () => {
    const [ada, bob] = [await signUp(), await signUp()];
    const chat = await ada.client.POST('/chat/private/create', { body: { with_user_id: bob.me.id } });
    const chat_id: number = chat.data!.id;
    const sent = await ada.client.POST('/chat/{chat_id}/message', {
      params: { path: { chat_id } },
      body: { contents: 'hello' },
    });
    const { pts, ...message }: components['schemas']['SentMessage'] = sent.data!;
    expect(pts).toBe(2);

    const page = await bob.client.GET('/chat/{chat_id}/messages', {
      params: { path: { chat_id }, query: { limit: 10, order: 'desc' } },
    });
    expect(page.data).toEqual({
      next: null,
      has_more: false,
      count: 1,
      authors: [expect.objectContaining({ id: ada.me.id, username: ada.me.username, name: ada.me.username })],
      messages: [message],
    });

    const list = await bob.client.GET('/user/chats', { params: { query: { limit: 5 } } });
    const last: components['schemas']['Message'] | null = list.data!.chats[0]!.last_message;
    expect(last).toEqual(message);

    const bio: string | null = bob.me.bio;
    expect(bio).toBeNull();
    const changed = await bob.client.PATCH('/user/bio', { body: { bio: 'typed' } });
    const success: boolean = changed.data!.success;
    expect(success).toBe(true);
    await ada.client.DELETE('/message/{message_id}', { params: { path: { message_id: message.id } } });
    const after = await ada.client.GET('/chat/{chat_id}', { params: { path: { chat_id } } });
    expect(after.data!.last_message).toBeNull();
  });

  it('knows the errors', async () => {
    const { client } = await signUp();
    const { error, response } = await client.GET('/chat/{chat_id}', { params: { path: { chat_id: 2_000_000_000 } } });
    const code: components['schemas']['ApiError']['details']['code'] = error!.details.code;
    expect(code).toBe('CHAT_DOES_NOT_EXIST');
    expect(response.status).toBe(404);
  });

  it('does not compile with a field that is none', () => {
    const client = createClient<paths>({ baseUrl });
    const params = { path: { chat_id: 1 } };
    // @ts-expect-error -- the field is called contents
    const wrong = () => client.POST('/chat/{chat_id}/message', { params, body: { content: 'x' } });
    expect(wrong).toBeTypeOf('function');
  });
});
