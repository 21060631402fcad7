import { once } from 'node:events';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Program, Server, emptyFolder, environment } from '../support/server.js';

const ROOT = join(import.meta.dirname, '../..');

/** The code of the page, by the name that stands beside its language. */
async function readBlocks(): Promise<Map<string, string>> {
  const page = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8');
  return new Map(
    [...page.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The words of a command line; what is in quotes is one. */
function wordsOf(line: string): string[] {
  return [...line.trim().matchAll(/"([^"]*)"|\S+/g)].map(([whole, quoted]) => quoted ?? whole);
}

/** The shop and the messenger of docs/embedding.md, processes that are started as the page says, at other ports. */
export class Shop {
  private constructor(
    readonly url: string,
    readonly messenger: Server,
    /** What is printed on the page, by its name. */
    readonly printed: ReadonlyMap<string, string>,
  ) {}

  static async start(): Promise<Shop> {
    const printed = await readBlocks();
    const port = await freePort();
    const adapt = (name: string) => printed.get(name)!.replaceAll(/\b3000\b/g, String(port));

    const [settings, messengerFolder] = [await environment(), await emptyFolder()];
    await writeFile(join(messengerFolder, '.env'), adapt('.env'));
    const [npm, run, command, dashes, ...options] = wordsOf(printed.get('key')!);
    expect([npm, run, command, dashes]).toEqual(['npm', 'run', 'keys', '--']);
    const key = await new Program('src/keys.ts', settings, messengerFolder, options).exited;
    const messenger = await Server.start(settings, messengerFolder);

    const folder = await emptyFolder();
    await mkdir(join(folder, 'public'));
    await mkdir(join(folder, 'node_modules'));
    const [, , ...packages] = wordsOf(printed.get('packages')!);
    for (const name of packages)
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name), 'dir');
    for (const name of ['shop.mjs', 'public/chat.js'])
      await writeFile(join(folder, name), adapt(name).replaceAll('localhost:8000', new URL(messenger.url).host));
    const shop = new Program(join(folder, 'shop.mjs'), { MESSENGER_KEY: key.stdout.trim() }, folder);
    await expect.poll(() => shop.stdout + shop.stderr, { timeout: 20_000 }).toContain(`localhost:${port}`);
    return new Shop(`http://localhost:${port}`, messenger, printed);
  }
}
