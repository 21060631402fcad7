import { asking, type Answer } from '../../src/testing/request.js';
import type { components } from '../../sdk/src/generated/wire.js';
import type { Chat, ChatWithParticipants, Message, MessagePage, SendOptions, SentMessage } from '../../sdk/src/wire.js';

export type ChangeChat = components['schemas']['ChangeChat'];
type EditOptions = Omit<components['schemas']['ChangeMessage'], 'contents'>;

const PASSWORD = 'conformance kit';
const PAGE = 100;

/** The server has not done what the kit asked for. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly status: number,
    body: unknown,
  ) {
    super(`The server answered the kit with ${status}: ${JSON.stringify(body)}`);
  }
}

/** Somebody who acts by REST, without the proxy: another person, or the user of the client at another device. */
export class Person {
  private constructor(
    readonly id: number,
    readonly token: string,
    private readonly url: () => string,
  ) {}

  static async register(url: () => string, username: string): Promise<Person> {
    const account = { username, email: `${username}@example.com`, password: PASSWORD };
    const { access_token: token } = taken(await asking(url(), undefined)('POST', '/register', account)) as {
      access_token: string;
    };
    const { id } = taken(await asking(url(), token)('GET', '/user/me')) as { id: number };
    return new Person(id, token, url);
  }

  /** @throws Refused unless it is done. */
  async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    return taken(await asking(this.url(), this.token)(method, path, body)) as T;
  }

  async openGroup(name: string, others: readonly Person[]): Promise<number> {
    const body = { name, with_ids: others.map(({ id }) => id) };
    return (await this.ask<Chat>('POST', '/chat/group/create', body)).id;
  }

  async openPrivate({ id }: Person): Promise<number> {
    return (await this.ask<Chat>('POST', '/chat/private/create', { with_user_id: id })).id;
  }

  send(chatId: number, contents: string, given: SendOptions = {}): Promise<SentMessage> {
    return this.ask('POST', `/chat/${chatId}/message`, { ...given, contents });
  }

  async edit(messageId: number, contents: string, given: EditOptions = {}): Promise<void> {
    await this.ask('PATCH', `/message/${messageId}`, { ...given, contents });
  }

  async react(messageId: number, emoji: string): Promise<void> {
    await this.ask('PUT', `/message/${messageId}/reactions/${encodeURIComponent(emoji)}`);
  }

  async takeBack(messageId: number, emoji: string): Promise<void> {
    await this.ask('DELETE', `/message/${messageId}/reactions/${encodeURIComponent(emoji)}`);
  }

  async delete(messageId: number): Promise<void> {
    await this.ask('DELETE', `/message/${messageId}`);
  }

  async rename(chatId: number, name: string): Promise<void> {
    await this.change(chatId, { name });
  }

  async change(chatId: number, fields: ChangeChat): Promise<void> {
    await this.ask('PATCH', `/chat/${chatId}`, fields);
  }

  async giveRole(chatId: number, { id }: Person, role: Chat['own_role']): Promise<void> {
    await this.ask('PATCH', `/chat/${chatId}/participants/${id}`, { role });
  }

  async add(chatId: number, { id }: Person): Promise<void> {
    await this.ask('POST', `/chat/${chatId}/participants`, { user_ids: [id] });
  }

  async remove(chatId: number, { id }: Person): Promise<void> {
    await this.ask('DELETE', `/chat/${chatId}/participants/${id}`);
  }

  async read(chatId: number, messageId: number): Promise<void> {
    await this.ask('POST', `/chat/${chatId}/read`, { message_id: messageId });
  }

  async markUnread(chatId: number): Promise<void> {
    await this.ask('POST', `/chat/${chatId}/unread`);
  }

  async draft(chatId: number, contents: string, replyTo: number | null = null): Promise<void> {
    await this.ask('PUT', `/chat/${chatId}/draft`, { contents, reply_to_id: replyTo });
  }

  async clearDraft(chatId: number): Promise<void> {
    await this.ask('DELETE', `/chat/${chatId}/draft`);
  }

  async block({ id }: Person): Promise<void> {
    await this.ask('PUT', `/user/blocks/${id}`);
  }

  async chats(): Promise<readonly Chat[]> {
    const chats: Chat[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { chats: Chat[]; has_more: boolean; next: string | null } = await this.ask(
        'GET',
        `/user/chats?limit=50${query}`,
      );
      chats.push(...page.chats);
      cursor = page.has_more ? page.next : null;
    }
    return chats;
  }

  chat(chatId: number): Promise<ChatWithParticipants> {
    return this.ask('GET', `/chat/${chatId}`);
  }

  /** All messages of a chat, the oldest first. */
  async messages(chatId: number): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (;;) {
      const cursor = messages.length > 0 ? `&cursor=${messages.at(-1)?.id ?? 0}` : '';
      const page = await this.ask<MessagePage>('GET', `/chat/${chatId}/messages?limit=${PAGE}${cursor}`);
      messages.push(...page.messages);
      if (!page.has_more) return messages;
    }
  }
}

function taken({ status, body }: Answer): unknown {
  if (status >= 300) throw new Refused(status, body);
  return body;
}
