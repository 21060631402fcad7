import { expect, onTestFinished } from 'vitest';
import { Device, type DeviceOwner } from '../client/device.js';
import { Servers } from '../client/servers.js';
import { Random } from '../faults/random.js';

/** A device that keeps itself up to date by the rules of docs/realtime.md until the test is over; it is connected. */
export async function follow(owner: DeviceOwner, url: string): Promise<Device> {
  const random = new Random(owner.id);
  const device = new Device('follower', 'socket', owner, new Servers([url], random), random);
  const running = device.run();
  onTestFinished(async () => {
    device.stop();
    await running;
  });
  await expect.poll(() => device.session, { timeout: 10_000 }).toBeDefined();
  return device;
}

/** What the device has of the messages of a chat, in their order: the contents by id. */
export function messagesOf(device: Device, chatId: number): [number, string][] {
  const messages = device.replica.chats.get(chatId)?.messages ?? new Map<number, { contents: string }>();
  return [...messages].map(([id, { contents }]) => [id, contents] as [number, string]).sort(([a], [b]) => a - b);
}
