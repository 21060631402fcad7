import type { Step } from '../../../sdk/src/held.js';
import type { Stored } from '../../../sdk/src/store.js';
import { OWN_LOG, type Journal } from '../../client/journal.js';
import type { SyncAnswer } from '../../client/protocol.js';

/** Tells by the steps of a client how it came from number to number. */
export class StepJournal {
  readonly #journal: Journal;
  /** Of the chats, and of the own log. */
  readonly #positions = new Map<number, number>([[OWN_LOG, 0]]);
  /** Which numbers the last sync has brought, by chat. */
  #synced = new Map<number, { readonly numbers: ReadonlySet<number>; readonly last: number }>();

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.add({ kind: 'taken', chatId: OWN_LOG, pts: 0 });
  }

  get mePts(): number {
    return this.#positions.get(OWN_LOG)!;
  }

  /** What is to come has been brought by a sync. */
  expect({ chats, me }: SyncAnswer): void {
    this.#synced = new Map([
      [OWN_LOG, { numbers: new Set([...me.changes.map(({ me_pts: pts }) => pts), me.me_pts]), last: me.me_pts }],
      ...chats.map(({ chat_id: chatId, changes, pts: last }) => {
        return [chatId, { numbers: new Set([...changes.map(({ pts }) => pts), last]), last }] as const;
      }),
    ]);
  }

  /** What a client that begins again has. */
  begin(stored: Stored | undefined): void {
    const kept = new Map(stored?.chats.map(({ chat: { id, pts } }) => [id, pts]));
    kept.set(OWN_LOG, stored?.position.mePts ?? 0);
    for (const [chatId, pts] of this.#positions) {
      const now = kept.get(chatId);
      if (now !== pts) this.#journal.surprises.push(`had ${pts} of chat ${chatId}, and began again with ${now}`);
    }
  }

  take(steps: readonly Step[]): void {
    for (const [index, step] of steps.entries()) {
      if (step.type === 'chat') {
        const next = steps[index + 1];
        // A chat that comes as a whole comes with its messages.
        const isWhole = next?.type === 'range' && next.chatId === step.chat.id;
        this.#move(step.chat.id, step.chat.pts, isWhole);
      } else if (step.type === 'position') this.#move(OWN_LOG, step.position.mePts, false);
      else if (step.type === 'forget') this.#forget(step.chatId);
      else if (step.type === 'reset') {
        for (const chatId of this.#positions.keys()) if (chatId !== OWN_LOG) this.#forget(chatId);
      }
    }
  }

  #move(chatId: number, pts: number, isWhole: boolean): void {
    const before = this.#positions.get(chatId);
    this.#positions.set(chatId, pts);
    const synced = this.#synced.get(chatId);
    const kind = isWhole ? 'taken' : synced?.numbers.has(pts) ? 'synced' : 'applied';
    // What comes after the last number of a sync comes as an event.
    if (synced?.last === pts) this.#synced.delete(chatId);
    if (isWhole || before !== pts) this.#journal.add({ kind, chatId, pts });
  }

  #forget(chatId: number): void {
    if (this.#positions.delete(chatId)) this.#journal.add({ kind: 'forgotten', chatId });
  }
}
