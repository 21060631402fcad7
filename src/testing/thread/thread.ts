// A thread of the test kit. It loads nothing of the server before its clock is the one that the test moves, and begins with the
// database, which starts in a thread below this one meanwhile.
import { parentPort, workerData } from 'node:worker_threads';
import { startEmbeddedPostgres } from '../../database/embedded/postgres.js';
import { moveDate } from '../../shared/moved-date.js';
import type { NumberedOrder, Report, ThreadInput } from './messages.js';
import { MovedTimers } from './moved-timers.js';

const input = workerData as ThreadInput;
if (input.task === 'serve') await serve(input);
else await (await import('./make-template.js')).makeTemplate(input.file);

function tell(report: Report): void {
  parentPort?.postMessage(report);
}

async function serve({ settings, template, clock }: ThreadInput & { task: 'serve' }): Promise<void> {
  moveDate(clock);
  const timers = new MovedTimers(clock);
  timers.install();
  let step: 'database' | 'server' = 'database';
  try {
    const [postgres, { openServer }] = await Promise.all([
      startEmbeddedPostgres(undefined, { template, clock }),
      import('./server.js'),
    ]);
    step = 'server';
    const server = await openServer(postgres, settings, (mail) => {
      tell({ told: 'mail', mail });
    });
    parentPort?.on('message', ({ id, order }: NumberedOrder) => {
      const carryOut = async () => {
        if (order.want !== 'wake') return server.carryOut(order);
        timers.wake();
        return undefined;
      };
      carryOut().then(
        (answer) => {
          tell({ told: 'answer', id, answer });
          // By itself the thread might wait for what others have left open.
          if (order.want === 'stop') process.exit(0);
        },
        (error: unknown) => {
          tell({ told: 'refusal', id, message: (error as Error).message });
        },
      );
    });
    tell({ told: 'listening', port: server.port });
  } catch (error) {
    tell({ told: 'failure', of: step, message: (error as Error).message });
  }
}
