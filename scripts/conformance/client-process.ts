import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { remains } from '../../test/processes/remains.js';
import { Breach } from './breach.js';
import { optionalFieldsOf, type OptionalField } from './optional-fields.js';
import { checkOrder, readLine, type Report, type ReportedChat } from './report.js';

const REPORT_TIMEOUT_MS = 10_000;
const SHOWN_LINES = 30;

interface Waiting {
  readonly chats: Map<number, ReportedChat>;
  lines: number;
  readonly resolve: (report: Report) => void;
  readonly reject: (error: Error) => void;
}

/** A running client, which is told what to do on its standard input, and says what it has on its standard output. */
export class ClientProcess {
  readonly #process: ChildProcess;
  readonly #errors: string[] = [];
  #waiting: Waiting | undefined;
  #ended: Breach | undefined;
  /** Whether a chat may have a lower pts than before. */
  mayGoBack = false;
  /** What it has reported that it need not. */
  readonly optionalFields = new Set<OptionalField>();
  /** The pts of each chat in the last report. */
  readonly #pts = new Map<number, number>();

  constructor(command: readonly string[], environment: Readonly<Record<string, string>>) {
    const [program = '', ...args] = command;
    this.#process = spawn(program, args, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      // With all that it starts, it is ended as one.
      detached: true,
    });
    remains.programs.add(this);
    const { stdout, stderr, stdin } = this.#process;
    if (stdout)
      createInterface(stdout).on('line', (line) => {
        this.#hear(line);
      });
    if (stderr)
      createInterface(stderr).on('line', (line) => {
        this.#errors.push(line);
        if (this.#errors.length > SHOWN_LINES) this.#errors.shift();
      });
    stdin?.on('error', () => undefined);
    this.#process.on('error', (error) => {
      this.#end(`${program} could not be started: ${error.message}`);
    });
    // What it said last is there by then.
    this.#process.on('close', (code, signal) => {
      this.#end(`The client ended by itself with ${signal ?? code ?? 'nothing'}.`);
    });
  }

  send(chatId: number, contents: string): void {
    this.#tell({ command: 'send', chat_id: chatId, contents });
  }

  /** What the client has. @throws Breach when it does not say it in time, or in another form. */
  async report(): Promise<Report> {
    const report = await new Promise<Report>((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended);
        return;
      }
      const timeout = setTimeout(() => {
        reject(new Breach(`The client did not report within ${REPORT_TIMEOUT_MS / 1000} s.`));
      }, REPORT_TIMEOUT_MS);
      const settle =
        <T>(then: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timeout);
          this.#waiting = undefined;
          then(value);
        };
      this.#waiting = { chats: new Map(), lines: 0, resolve: settle(resolve), reject: settle(reject) };
      this.#tell({ command: 'report' });
    });
    for (const chat of report.values()) checkOrder(chat);
    this.#checkProgress(report);
    for (const name of optionalFieldsOf(report)) this.optionalFields.add(name);
    return report;
  }

  /** Ends it, and whatever it has started. */
  endAtOnce(): void {
    remains.programs.delete(this);
    const { pid } = this.#process;
    this.#ended ??= new Breach('The client has been ended.');
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }

  #tell(command: object): void {
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
  }

  #hear(text: string): void {
    const waiting = this.#waiting;
    if (!waiting) return;
    try {
      const chat = readLine(text, ++waiting.lines);
      if (!chat) waiting.resolve(waiting.chats);
      else if (waiting.chats.has(chat.chat_id)) throw new Breach(`The report has chat ${chat.chat_id} twice.`);
      else waiting.chats.set(chat.chat_id, chat);
    } catch (error) {
      waiting.reject(error as Error);
    }
  }

  /** A chat never goes back by itself. */
  #checkProgress(report: Report): void {
    for (const [chatId, pts] of this.#pts) {
      const now = report.get(chatId)?.pts ?? pts;
      if (now < pts && !this.mayGoBack) throw new Breach(`Chat ${chatId} went back from pts ${pts} to ${now}.`);
    }
    this.#pts.clear();
    for (const { chat_id, pts } of report.values()) this.#pts.set(chat_id, pts);
  }

  #end(reason: string): void {
    remains.programs.delete(this);
    const said = this.#errors.length > 0 ? ` It said:\n${this.#errors.join('\n')}` : '';
    this.#ended ??= new Breach(reason + said);
    this.#waiting?.reject(this.#ended);
  }
}
