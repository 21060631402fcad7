import type { DeviceKind } from '../../client/device.js';
import type { HeldChat } from '../../client/replica.js';
import type { Request, Servers } from '../../client/servers.js';
import type { Random } from '../random.js';
import type { Device } from './device.js';
import { hurry } from './hurry.js';
import type { Ledger } from './ledger.js';
import { Person, type Equipment } from './person.js';

const PASSWORD = 'correct horse battery staple';
const SECOND_DEVICE_CHANCE = 0.5;
const STREAM_CHANCE = 0.15;
const PINNING = ['send', 'create_poll', 'rename', 'add_member', 'pin'];
/** As short as it may be: all of them have disappeared soon after the last one. */
const DISAPPEAR_SECONDS = 5;
/** So many groups have messages that disappear, or let everybody pin, one. */
const OF_FLEETING = 4;
const OF_PINNING = 2;
/** The name of everybody's folder. */
export const FOLDER = 'kept';

/** What a client needs to take part. */
export interface Surroundings {
  readonly servers: Servers;
  readonly ledger: Ledger;
  readonly random: Random;
  readonly databaseUrl: string;
}

/** Gives somebody a device of each of the kinds. */
export type Equip = (person: Person, kinds: readonly DeviceKind[], surroundings: Surroundings) => Equipment;

/**
 * A chat in which nothing happens but what a fault sends into it: what is lost there is not made good by the next
 * message.
 */
export interface QuietChat {
  readonly id: number;
  readonly members: Person[];
}

/** Who takes part, and what they share. */
export class World {
  readonly #quietGroups: QuietChat[] = [];
  readonly #quietPairs: QuietChat[] = [];
  readonly #quietIds = new Set<number>();
  /** Those who opened a group, by its id: they may remove others, and stay themselves. */
  readonly creators = new Map<number, number>();
  /** The groups in which messages disappear. */
  readonly fleeting = new Set<number>();
  readonly servers: Servers;
  readonly random: Random;
  readonly #databaseUrl: string;
  readonly #byId: ReadonlyMap<number, Person>;

  private constructor(
    { servers, random, databaseUrl }: Surroundings,
    readonly people: readonly Person[],
  ) {
    this.servers = servers;
    this.random = random;
    this.#databaseUrl = databaseUrl;
    this.#byId = new Map(people.map((person) => [person.id, person]));
  }

  static async create(users: number, equip: Equip, surroundings: Surroundings): Promise<World> {
    const { servers, random } = surroundings;
    const numbers = Array.from({ length: users }, (_, n) => n + 1);
    const people = await Promise.all(numbers.map((n) => register(servers, `client-${n}`)));
    const world = new World(surroundings, people);
    await world.#openChats();
    for (const person of people) {
      const count = random.chance(SECOND_DEVICE_CHANCE) ? 2 : 1;
      const kinds = Array.from({ length: count }, () => (random.chance(STREAM_CHANCE) ? 'stream' : 'socket'));
      person.equip(equip(person, kinds, surroundings));
    }
    return world;
  }

  person(id: number): Person | undefined {
    return this.#byId.get(id);
  }

  /** A scheduled message becomes due. */
  hurry(clientId: string): Promise<void> {
    return hurry(this.#databaseUrl, clientId);
  }

  get devices(): Device[] {
    return this.people.flatMap(({ devices }) => devices);
  }

  /** The chats of somebody in which they may do as they like. */
  busyChats(person: Person): HeldChat[] {
    return [...person.chats.values()].filter(({ id }) => this.isBusy(id));
  }

  isBusy(chatId: number): boolean {
    return !this.#quietIds.has(chatId);
  }

  /** The next of the quiet groups, in turn. */
  nextQuietGroup(): QuietChat {
    return rotate(this.#quietGroups);
  }

  /** The next of the quiet chats of two, in turn. Everybody is in one of them at the most. */
  nextQuietPair(): QuietChat {
    return rotate(this.#quietPairs);
  }

  async openGroup(creator: Person, others: readonly Person[], name: string): Promise<number> {
    const body = { with_ids: others.map(({ id }) => id), name };
    const id = await this.#open({ method: 'POST', path: '/chat/group/create', token: creator.token, body });
    this.creators.set(id, creator.id);
    return id;
  }

  async #openChats(): Promise<void> {
    const { people, random } = this;
    const some = (count: number) => random.shuffled(people).slice(0, count) as [Person, ...Person[]];
    const group = async (count: number, name: string) => {
      const [creator, ...others] = some(count);
      return { id: await this.openGroup(creator, others, name), members: [creator, ...others] };
    };
    const half = Math.floor(people.length / 2);
    // A large one, in which much is going on, and smaller ones.
    await group(Math.floor(people.length * 0.4), 'everybody');
    for (let n = 0; n < half; n++) {
      const { id, members } = await group(3 + random.below(6), `group ${n}`);
      const { token } = members[0]!;
      if (n % OF_PINNING === 0) await this.#change(token, id, { member_rights: PINNING });
      if (n % OF_FLEETING === 0) {
        await this.#change(token, id, { disappear_after_seconds: DISAPPEAR_SECONDS });
        this.fleeting.add(id);
      }
    }
    for (let n = 0; n < people.length; n++) this.#addQuiet(this.#quietGroups, await group(4, `quiet group ${n}`));
    for (let n = 0; n < half; n++) {
      const [one, other] = [people[2 * n]!, people[2 * n + 1]!];
      this.#addQuiet(this.#quietPairs, { id: await this.#openPrivate(one, other), members: [one, other] });
    }
    // Those who sit beside somebody else's partner: none of these is a quiet pair.
    for (let n = 1; n < half; n++) await this.#openPrivate(people[2 * n - 1]!, people[2 * n]!);
  }

  async #change(token: string, chatId: number, body: object): Promise<void> {
    const { status } = await this.servers.requestUntilAnswered({
      method: 'PATCH',
      path: `/chat/${chatId}`,
      token,
      body,
    });
    if (status !== 200) throw new Error(`A chat could not be changed: ${status}`);
  }

  #addQuiet(chats: QuietChat[], chat: QuietChat): void {
    chats.push(chat);
    this.#quietIds.add(chat.id);
  }

  #openPrivate(one: Person, other: Person): Promise<number> {
    const body = { with_user_id: other.id };
    return this.#open({ method: 'POST', path: '/chat/private/create', token: one.token, body });
  }

  async #open(request: Request): Promise<number> {
    const { status, body } = await this.servers.requestUntilAnswered(request);
    if (status !== 200) throw new Error(`A chat could not be opened: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }
}

async function register(servers: Servers, username: string): Promise<Person> {
  const body = { username, email: `${username}@example.com`, password: PASSWORD };
  const registered = await servers.requestUntilAnswered({ method: 'POST', path: '/register', body });
  if (registered.status !== 200) throw new Error(`${username} could not register: ${JSON.stringify(registered.body)}`);
  const token: string = registered.body.access_token;
  const me = await servers.requestUntilAnswered({ method: 'GET', path: '/user/me', token });
  const folders = [{ id: FOLDER, name: 'Kept' }];
  const made = await servers.requestUntilAnswered({ method: 'PUT', path: '/user/folders', token, body: { folders } });
  if (made.status !== 200) throw new Error(`${username} got no folder: ${JSON.stringify(made.body)}`);
  return new Person(me.body.id, token);
}

function rotate(chats: QuietChat[]): QuietChat {
  const chat = chats.shift()!;
  chats.push(chat);
  return chat;
}
