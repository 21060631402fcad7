import { chmod, mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isoTime } from '../clock.js';
import type { Span } from '../spans.js';
import { Postgres, type RestartMode } from './postgres.js';
import { BrokerService, type BrokerKind } from './broker-service.js';
import { remains, removeFolder } from '../../processes/remains.js';
import { Server } from './server.js';

/** As its operator would choose it; long enough for the server to take it. */
const JWT_SECRET = 'only the fault harness knows this secret of its own';
const LOG_TAIL_LINES = 15;

export interface ClusterOptions {
  readonly nodes: number;
  readonly broker: BrokerKind;
  /** A file that Node.js loads before each server. */
  readonly preload: string | undefined;
}

/** The server as it runs in production: several nodes, one PostgreSQL, one Redis or NATS. */
export class Cluster {
  /** When PostgreSQL was away. */
  readonly databaseDown: Span[] = [];

  private constructor(
    readonly folder: string,
    readonly postgres: Postgres,
    readonly broker: BrokerService,
    readonly nodes: readonly Server[],
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    const folder = await makeFolder();
    try {
      return await Cluster.#start(folder, options);
    } catch (error) {
      console.error(await readLogTails(folder));
      throw error;
    }
  }

  static async #start(folder: string, { nodes: count, broker: kind, preload }: ClusterOptions): Promise<Cluster> {
    const [postgres, broker] = await Promise.all([Postgres.start(folder), BrokerService.start(kind, folder)]);
    const environment = {
      DATABASE_URL: postgres.url,
      CLUSTER_URL: broker.url,
      JWT_SECRET,
      RATE_LIMIT_CREDENTIALS: '0',
      RATE_LIMIT_LOGIN_FAILURES: '0',
      LOG_LEVEL: 'warn',
      SHUTDOWN_DELAY_MS: '0',
    };
    const nodes = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        Server.start({ name: `node-${index + 1}`, folder, environment, preload }),
      ),
    );
    return new Cluster(folder, postgres, broker, nodes);
  }

  async restartPostgres(mode: RestartMode, downMs: number): Promise<void> {
    const from = Date.now();
    await this.postgres.restart(mode, downMs);
    this.databaseDown.push({ from, to: Date.now() });
  }

  async untilReady(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.untilReady()));
  }

  /** The end of each log, to see what happened. */
  logTails(): Promise<string> {
    return readLogTails(this.folder);
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all([this.broker.stop(), this.postgres.stop()]);
    removeFolder(this.folder);
  }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'messenger-faults-'));
  remains.folders.add(folder);
  // PostgreSQL may run as another user, who has to pass through.
  await chmod(folder, 0o711);
  return folder;
}

async function readLogTails(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  const tails = files.map(async (name) => {
    const lines = (await readFile(join(folder, name), 'utf8')).trimEnd().split('\n');
    const shown = lines.filter((line, index) => index >= lines.length - LOG_TAIL_LINES || isFatal(name, line));
    return [`── ${name}`, ...shown.map(readable)].join('\n');
  });
  return (await Promise.all(tails)).join('\n');
}

/** Whether a line tells of the end of a node: the server says so itself, or Node.js does, in other words than JSON. */
function isFatal(name: string, line: string): boolean {
  return name.startsWith('node-') && (!line.startsWith('{') || line.startsWith('{"level":60'));
}

interface LogLine {
  readonly time: number;
  readonly msg: string;
  readonly err?: { readonly message: string };
  readonly reason?: string;
}

/** A line of a log, shortly: the server writes JSON, with much more than one wants to read here. */
function readable(line: string): string {
  if (!line.startsWith('{')) return line;
  const { time, msg, err, reason } = JSON.parse(line) as LogLine;
  return [isoTime(time), msg, err?.message, reason].filter(Boolean).join(' ');
}
