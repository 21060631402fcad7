import type { Caller } from '../data/cast.js';
import { drive } from '../load/drive.js';
import { Receivers } from '../load/receivers.js';
import type { Request } from '../requests.js';
import type { RunningServer } from '../servers/process.js';

/** The frame that a message arrives as. */
export async function frameOf(message: Request, { token }: Caller, messenger: RunningServer): Promise<string> {
  const receivers = new Receivers();
  await receivers.open(messenger.url, [token]);
  await receivers.begin();
  await drive({ url: messenger.url, requests: [message], connections: 1, until: { requests: 1 } });
  const { sample } = await receivers.readUntil(1);
  receivers.end();
  return sample;
}

/** What makes the bare process send the frame: with all else that the messenger has to read of the message. */
export function broadcastOf(frame: string, message: Request): Request {
  return { ...message, body: frame };
}
