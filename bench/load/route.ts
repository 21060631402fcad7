import type { Account } from '../../test/client/rest.js';
import { signIn } from '../data/cast.js';
import { WORLD } from '../data/world.js';
import { send, type Request } from '../requests.js';
import type { RunningServer } from '../servers/servers.js';
import { timed } from './clock.js';
import { probe } from './probe.js';
import { Receivers } from './receivers.js';

/** A chat, those in it who are online, and those of them who write. */
export interface Audience {
  readonly chatId: number;
  readonly authors: readonly Account[];
  readonly tokens: readonly string[];
}

/** @param users how many there are in the database: with fewer, not every audience can be had. */
export function audienceOf(size: number, users: number): Audience | undefined {
  const crowd = WORLD.crowds.find(({ people }) => people >= size);
  if (size > 2 && (!crowd || WORLD.firstOfCrowd + size > users)) return undefined;
  const authors = signIn(WORLD.firstAuthor, Math.min(size, WORLD.authors));
  const members = [...authors, ...signIn(WORLD.firstOfCrowd, size - authors.length)];
  return {
    chatId: crowd && size > 2 ? crowd.chatId : WORLD.pairChat,
    authors,
    tokens: members.map(({ token }) => token),
  };
}

/** Where messages are sent, and where the audience is connected. */
export interface Route {
  readonly sending: RunningServer;
  /** undefined: nobody is told. */
  readonly receiving?: RunningServer;
  /** One of each author, timed. */
  readonly messagesTo: (audience: Audience) => Promise<Request[]>;
}

/** A server of the messenger, or two that meet. */
export function messengerRoute(sending: RunningServer, receiving = sending): Route {
  const messagesTo = ({ authors, chatId }: Audience) => authors.map((author) => send(author, chatId, timed()));
  return { sending, receiving, messagesTo: (audience) => Promise.resolve(messagesTo(audience)) };
}

/** The bare process sends the frames of the messenger's, with all else that the messenger has to read of a message. */
export function broadcastRoute(bare: RunningServer, messenger: Route): Route {
  return {
    sending: bare,
    receiving: bare,
    async messagesTo(audience) {
      const messages = await messenger.messagesTo(audience);
      const receivers = new Receivers();
      await receivers.run('open', messenger.sending.url, audience.tokens.slice(0, 1));
      await receivers.run('begin');
      await probe(messenger.sending.url, () => messages[0]!, 1, 1);
      const { sample } = await receivers.readUntil(1);
      receivers.end();
      return messages.map((message) => ({ ...message, body: sample }));
    },
  };
}
