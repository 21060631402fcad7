import type { Answer } from '../../client/protocol.js';
import type { HeldChat } from '../../client/replica.js';
import type { Request } from '../../client/servers.js';
import type { Action } from '../plan/plan.js';
import type { Ledger, OpenSend } from './ledger.js';
import type { Person } from './person.js';
import type { World } from './world.js';

/** With whom, and with what, something is done. */
export interface Scene {
  readonly world: World;
  readonly ledger: Ledger;
  readonly person: Person;
  readonly chat: HeldChat;
  /** A message that the first device of the person has. */
  readonly messageId: number;
  readonly action: Action;
}

export type Act = (scene: Scene) => Promise<void>;

/**
 * Repeats a request until it is answered. What has been done may be gone meanwhile, or not be the person's any more.
 * @param mayRefuse for which other reasons it may come to nothing.
 */
export async function ask(
  { world, ledger, person, chat, action }: Scene,
  request: Omit<Request, 'token'>,
  { mayRefuse = [], chatId = chat.id }: { readonly mayRefuse?: readonly string[]; readonly chatId?: number } = {},
): Promise<Answer | undefined> {
  const { token } = person;
  const given = await world.servers.requestUntilAnswered({ ...request, token, node: action.node });
  const reasons = [...mayRefuse, ...ledger.refusalsOf(person.id, chatId)];
  ledger.expect(given, [200, 404], `${request.method} ${request.path}`, reasons);
  return given.status === 200 ? given : undefined;
}

/**
 * Sends by a request of its own, with more than contents.
 * @param mayRefuse for which codes it may come to nothing.
 * @returns the id of the message.
 */
export async function sendWith(
  { world, ledger, person, action }: Pick<Scene, 'world' | 'ledger' | 'person' | 'action'>,
  send: OpenSend,
  { part = 'message', more = {}, mayRefuse = [] }: { part?: string; more?: object; mayRefuse?: readonly string[] },
): Promise<number | undefined> {
  const { chatId, contents, clientId } = send;
  const body = { ...(contents !== undefined && { contents }), client_id: clientId, ...more };
  const path = `/chat/${chatId}/${part}`;
  const { token } = person;
  const given = await world.servers.requestUntilAnswered({ method: 'POST', path, token, body, node: action.node });
  send.tries += given.tries;
  if (mayRefuse.includes(given.body.details?.code)) send.isWithdrawn = true;
  else ledger.answerSend(send, given);
  return send.acknowledgements[0]?.messageId;
}
