import { MessengerError, newClientId } from 'messenger-client';

/** Names under which something was asked for, and no answer came, by what it was. */
const unanswered = new Map<string, string>();

/**
 * Asks for something new under a name. When no answer comes and the user asks for the same again it is under the same name, so there is one of it.
 * @param what is asked for, as it is written in JSON.
 */
export async function once<Result>(what: unknown, ask: (clientId: string) => Promise<Result>): Promise<Result> {
  const key = JSON.stringify(what);
  const clientId = unanswered.get(key) ?? newClientId();
  unanswered.set(key, clientId);
  let isUnanswered = false;
  try {
    return await ask(clientId);
  } catch (error) {
    isUnanswered = error instanceof MessengerError && error.isTemporary;
    throw error;
  } finally {
    if (!isUnanswered) unanswered.delete(key);
  }
}
