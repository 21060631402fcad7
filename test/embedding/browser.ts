import { compileFunction } from 'node:vm';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Shop } from './shop.js';

interface Chat {
  send(contents: string): Promise<unknown>;
  close(): void;
}

interface Page {
  login(email: string, password: string): Promise<unknown>;
  openChat(order: number, show: (message: { contents: string }) => void): Promise<Chat>;
  /** What docs/embedding.md prints as the use of its script. */
  followDocument(): Promise<Chat>;
}

/** A browser at a page of the shop: it keeps the cookie, says which page asks, and hides answers that are not for it. */
export class Browser {
  readonly sockets: WebSocket[] = [];
  /** What the page has shown. */
  readonly shown: string[] = [];
  page!: Page;
  #cookie = '';

  private constructor(private readonly shop: Shop) {}

  static async open(shop: Shop): Promise<Browser> {
    const browser = new Browser(shop);
    const script = await (await fetch(`${shop.url}/chat.js`)).text();
    const use = `async () => {\n${shop.printed.get('page') ?? ''}\nreturn chat; }`;
    const code = `${script.replaceAll(/^export /gm, '')}\nreturn { login, openChat, followDocument: ${use} };`;
    const parameters = { fetch: browser.#fetch, WebSocket: browser.#socketClass(), console: { log: browser.#show } };
    browser.page = compileFunction(code, Object.keys(parameters))(...Object.values(parameters)) as Page;
    return browser;
  }

  /** The chat about the order, as the page opens it; what is shown is in `shown`. */
  async chatAbout(order: number): Promise<Chat> {
    return this.#closeLater(
      await this.page.openChat(order, ({ contents }) => {
        this.#show(contents);
      }),
    );
  }

  async followDocument(): Promise<Chat> {
    return this.#closeLater(await this.page.followDocument());
  }

  /** Asks the shop. */
  post(path: string): Promise<Response> {
    return this.#fetch(path, { method: 'POST' });
  }

  /** Asks the messenger, whatever the script of the page would do. */
  async askMessenger(path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
    const { token } = (await (await this.post('/messenger-token')).json()) as { token: string };
    const { messenger } = this.shop;
    return body ? messenger.post(path, body, token) : messenger.get(path, token);
  }

  #closeLater(chat: Chat): Chat {
    onTestFinished(() => {
      chat.close();
    });
    return chat;
  }

  readonly #show = (contents: string): void => {
    this.shown.push(contents);
  };

  readonly #fetch = async (path: string, request: RequestInit): Promise<Response> => {
    const url = new URL(path, this.shop.url);
    const isShop = url.origin === this.shop.url;
    const headers = new Headers(request.headers);
    if (isShop) headers.set('cookie', this.#cookie);
    else headers.set('origin', this.shop.url);
    const response = await fetch(url, { ...request, headers });
    const [cookie] = response.headers.getSetCookie();
    if (cookie !== undefined) this.#cookie = cookie.split(';')[0]!;
    if (!isShop && response.headers.get('access-control-allow-origin') !== this.shop.url)
      throw new TypeError(`The page may not read the answer to ${path}.`);
    return response;
  };

  #socketClass(): typeof WebSocket {
    const { sockets, shop } = this;
    return class extends WebSocket {
      constructor(url: string, protocol: string) {
        super(url, protocol, { origin: shop.url });
        sockets.push(this);
      }
    } as typeof WebSocket;
  }
}
