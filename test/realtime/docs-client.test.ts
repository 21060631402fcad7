import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { registerMany, type Person } from '../support/client.js';
import { urlOf, useServer } from '../support/socket.js';

const ROOT = join(import.meta.dirname, '../..');

interface Applied {
  readonly type: string;
  readonly chatId: number;
  readonly pts: number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of every shape
  readonly data: any;
}

/** The program of docs/realtime.md, with what it has printed. */
async function startClient(url: string, token: string) {
  const text = await readFile(join(ROOT, 'docs/realtime.md'), 'utf8');
  const [, code = ''] = /```js\n(import WebSocket.*?)```/s.exec(text) ?? [];
  // Its name stands first, as that of a file would.
  const args = ['--input-type=module', '--eval', code, 'client.mjs', url, token];
  const client = spawn(process.execPath, args, { cwd: ROOT });
  onTestFinished(() => {
    client.kill('SIGKILL');
  });
  let output = '';
  client.stdout.on('data', (chunk) => (output += String(chunk)));
  client.stderr.on('data', (chunk) => (output += `error 0 0 ${JSON.stringify(String(chunk))}\n`));
  const applied = (): Applied[] =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const [type = '', chatId, pts, ...data] = line.split(' ');
        return { type, chatId: Number(chatId), pts: Number(pts), data: JSON.parse(data.join(' ')) };
      });
  return { applied, client };
}

/** A server that can't answer the first sync, and then sends something. */
async function startFailing(): Promise<{ readonly url: string; readonly syncs: () => number }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  let syncs = 0;
  server.on('connection', (socket) => {
    const say = (frame: object) => {
      socket.send(JSON.stringify(frame));
    };
    socket.on('message', (text: Buffer) => {
      const { type } = JSON.parse(text.toString()) as { type: string };
      if (type === 'authenticate') say({ type: 'ready', data: { user_id: 1 } });
      else if (++syncs === 1) say({ type: 'error', status_code: 503, details: { code: 'SERVICE_UNAVAILABLE' } });
      else {
        say({ type: 'message.created', chat_id: 7, pts: 3, data: {} });
        const joined = [{ id: 7, pts: 2 }];
        say({ type: 'sync.done', data: { epoch: 'e', has_more: false, joined, left: [], chats: [] } });
      }
    });
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, syncs: () => syncs };
}

describe('the program in docs/realtime.md', () => {
  const test = useServer();
  const connections = new Set<NetSocket>();

  beforeAll(() => {
    test.app.server.on('connection', (socket: NetSocket) => connections.add(socket));
  });

  it('authenticates, syncs, receives, and resumes after its connection is lost', async () => {
    const [ada, bob] = (await registerMany(test, 2)) as [Person, Person];
    const chatId = await ada.openGroup([bob]);
    const { applied, client } = await startClient(urlOf(test, 'http'), bob.token);
    const untilIs = (pts: number) => expect.poll(() => applied().at(-1)?.pts, { timeout: 15_000 }).toBe(pts);

    await untilIs(1);
    const first = await ada.send(chatId, 'live');
    const second = await ada.send(chatId, 'live too');
    await untilIs(3);

    // It is not to come back before all of this has happened.
    client.kill('SIGSTOP');
    for (const connection of connections) connection.destroy();
    await ada.patch(`/message/${first.id}`, { contents: 'edited meanwhile' });
    await ada.delete(`/message/${second.id}`);
    await ada.send(chatId, 'missed');
    client.kill('SIGCONT');
    await untilIs(6);
    const { pts } = await ada.send(chatId, 'live again');
    await untilIs(pts);

    expect(applied()).toMatchObject([
      { type: 'joined', chatId, pts: 1 },
      { type: 'message.created', pts: 2, data: { contents: 'live' } },
      { type: 'message.created', pts: 3, data: { contents: 'live too' } },
      { type: 'message.state', pts: 4, data: { contents: 'edited meanwhile' } },
      { type: 'message.deleted', pts: 5, data: { id: second.id } },
      { type: 'message.state', pts: 6, data: { contents: 'missed' } },
      { type: 'message.created', pts: 7, data: { contents: 'live again' } },
    ]);
  });

  it('asks again when its sync could not be answered', async () => {
    const { url, syncs } = await startFailing();
    const { applied } = await startClient(url, 'a token');
    await expect.poll(applied, { timeout: 15_000 }).toMatchObject([
      { type: 'joined', chatId: 7, pts: 2 },
      { type: 'message.created', chatId: 7, pts: 3 },
    ]);
    expect(syncs()).toBe(2);
  });
});
