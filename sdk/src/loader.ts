import { chatSteps, messageOf, personSteps, readSteps } from './changes.js';
import type { HeldChat, Step } from './held.js';
import type { Keeper } from './keeper.js';
import { MessageRange } from './message-range.js';
import { MessengerError } from './messenger-error.js';
import { addressOf } from './request.js';
import type { Rest } from './rest.js';
import { sleep } from './timing.js';
import type { ChatChange, ChatWithParticipants, MessagePage, Profile, User } from './wire.js';

const PAGE = 100;
const NOT_FOUND = 404;
/** An answer may be of before what has been applied, or of after it: so often the server is asked again. */
const TRIES = 5;
const BETWEEN_MS = 200;

type Take = (
  chat: HeldChat,
  answer: ChatWithParticipants,
  changes: readonly ChatChange[],
) => readonly Step[] | undefined;

/** Reads what the log of changes does not bring: older messages, whole chats, profiles. */
export class Loader {
  readonly #keeper: Keeper;
  readonly #rest: Rest;
  readonly #loads = new Map<string, Promise<unknown>>();

  constructor(keeper: Keeper, rest: Rest) {
    this.#keeper = keeper;
    this.#rest = rest;
  }

  /** Messages from before those that are held: of the store, or of the server. @throws MessengerError */
  older(chatId: number): Promise<void> {
    return this.#once(`older ${chatId}`, async () => {
      const { floor: below } = this.#keeper.replica.range(chatId);
      if (below === 0 || !this.#keeper.replica.chat(chatId)) return;
      const { changes, end } = this.#keeper.record(chatId);
      try {
        const stored = await this.#keeper.older(chatId, below, PAGE);
        if (stored && stored.floor < below) this.#addPage(chatId, below, stored, changes, true);
        else this.#addPage(chatId, below, await this.#readPage(chatId, below), changes, false);
      } catch (error) {
        this.#forgetIfGone(chatId, error);
        throw error;
      } finally {
        end();
      }
    });
  }

  /** A chat as it is now, in place of what is held of it. @param pts up to which everything is in it. */
  async afresh(chatId: number, pts: number): Promise<void> {
    try {
      const chat = await this.#readChat(chatId, 0);
      this.#keeper.commit(chatSteps(this.#keeper.replica, chat, pts));
    } catch (error) {
      if (!this.#forgetIfGone(chatId, error)) throw error;
    }
  }

  /** Who takes part. From then on changes bring who joins and leaves. @throws MessengerError */
  participants(chatId: number): Promise<void> {
    return this.#current(`participants ${chatId}`, chatId, undefined, (chat, answer, changes) => {
      if (changes.some(({ type, pts }) => pts > answer.pts && type.startsWith('participant.'))) return undefined;
      const { participants, participant_count } = answer;
      const held = { ...chat, participants: participants.map(({ id }) => id), participant_count };
      return [...personSteps(this.#keeper.replica, participants), { type: 'chat', chat: held }];
    });
  }

  /** How many messages are unread, where that can't be told from what is held. @throws MessengerError */
  unread(chatId: number): Promise<void> {
    return this.#current(`unread ${chatId}`, chatId, 0, (chat, answer) => {
      if (answer.pts !== chat.pts && chat.isUnreadUnsure) return undefined;
      return readSteps(this.#keeper.replica, chat, answer);
    });
  }

  /** Somebody's whole profile. @throws MessengerError */
  async person(userId: number): Promise<void> {
    await this.#once(`person ${userId}`, async () => {
      const profile = await this.#rest.ask<Profile>('GET', `/user/${userId}`);
      this.#keeper.commit(personSteps(this.#keeper.replica, [profile]));
    });
  }

  /** The user themselves. */
  async me(): Promise<void> {
    await this.#once('me', async () => {
      const me = await this.#rest.ask<User>('GET', '/user/me');
      await this.keepMe(me);
    });
  }

  /** A chat that the user has just opened. */
  opened(chat: ChatWithParticipants): Promise<void> {
    const { replica } = this.#keeper;
    if (!replica.chat(chat.id)) this.#keeper.commit(chatSteps(replica, chat, chat.pts));
    return Promise.resolve();
  }

  /** Of two states of the user the one with the greater version is newer. */
  keepMe(me: User): Promise<void> {
    const { position } = this.#keeper.replica.holdings;
    if (position?.userId === me.id && (position.me?.version ?? 0) <= me.version) {
      this.#keeper.commit([{ type: 'position', position: { ...position, me } }]);
    }
    return Promise.resolve();
  }

  async #readChat(chatId: number, participants?: number): Promise<ChatWithParticipants> {
    return await this.#rest.ask('GET', addressOf(`/chat/${chatId}`, { query: { participants } }));
  }

  async #readPage(chatId: number, below: number) {
    const query = { order: 'desc', limit: PAGE, cursor: below };
    const page = await this.#rest.ask<MessagePage>('GET', addressOf(`/chat/${chatId}/messages`, { query }));
    this.#keeper.commit(personSteps(this.#keeper.replica, page.authors));
    const messages = page.messages.toReversed();
    return { floor: page.has_more ? (messages[0]?.id ?? 0) : 0, messages };
  }

  /** The page may be older than what came while it was read: that is put over it. */
  #addPage(
    chatId: number,
    below: number,
    page: { readonly floor: number; readonly messages: MessagePage['messages'] },
    changes: readonly ChatChange[],
    isStored: boolean,
  ): void {
    const { replica } = this.#keeper;
    if (!replica.chat(chatId)) return;
    let range = MessageRange.of(page.floor, page.messages);
    for (const change of changes) {
      if (change.type === 'message.deleted') range = range.remove(change.data.id);
      else {
        const message = messageOf(change);
        if (message) range = range.put(message);
      }
    }
    const step: Step = { type: 'page', chatId, ...range.older(below, Infinity), below };
    // What comes from the store is there already.
    if (isStored) replica.take(step);
    else this.#keeper.commit([step]);
    const chat = replica.chat(chatId);
    const last = replica.range(chatId).log.last;
    if (chat && last && !chat.last_message) {
      this.#keeper.commit([{ type: 'chat', chat: { ...chat, last_message: last } }]);
    }
  }

  /** Takes something of a chat. When `take` says that it is not of the state which is held, the server is asked again. */
  #current(name: string, chatId: number, participants: number | undefined, take: Take): Promise<void> {
    return this.#once(name, async () => {
      const { changes, end } = this.#keeper.record(chatId);
      try {
        for (let tries = 0; tries < TRIES; tries++) {
          const answer = await this.#readChat(chatId, participants);
          const chat = this.#keeper.replica.chat(chatId);
          if (!chat) return;
          const steps = take(chat, answer, changes);
          if (steps) {
            this.#keeper.commit(steps);
            return;
          }
          await sleep(BETWEEN_MS * 2 ** tries);
        }
      } catch (error) {
        this.#forgetIfGone(chatId, error);
        throw error;
      } finally {
        end();
      }
    });
  }

  /** Were the position of a chat kept that the user has left, a later sync would leave out what is older. */
  #forgetIfGone(chatId: number, error: unknown): boolean {
    const isGone = error instanceof MessengerError && error.status === NOT_FOUND;
    if (isGone && this.#keeper.replica.chat(chatId)) this.#keeper.commit([{ type: 'forget', chatId }]);
    return isGone;
  }

  #once<T>(name: string, load: () => Promise<T>): Promise<T> {
    const running = this.#loads.get(name);
    if (running) return running as Promise<T>;
    const promise = load().finally(() => this.#loads.delete(name));
    this.#loads.set(name, promise);
    return promise;
  }
}
