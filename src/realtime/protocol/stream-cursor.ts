/** Nobody is in so many: a cursor and a sync take no more. */
export const MAX_CHATS = 10_000;

/** How far a stream has come: what a client keeps for sync, made short enough for a header. */
export interface StreamCursor {
  readonly epoch: string;
  readonly chats: ReadonlyMap<number, number>;
  /** How far the own log of the user has come; 0: nothing of it has been told. */
  readonly mePts: number;
  /** How far the profiles of others have come; 0: nothing is kept of them. */
  readonly peoplePts: number;
}

/**
 * The epoch; in base64url pairs of numbers, how much each chat's id is above that of the one before, and its pts; how far
 * the own log of the user has come; and how far the profiles.
 */
export function encodeCursor({ epoch, chats, mePts, peoplePts }: StreamCursor): string {
  const bytes: number[] = [];
  let before = 0;
  for (const [id, pts] of [...chats].sort(([one], [other]) => one - other)) {
    writeNumber(bytes, id - before);
    writeNumber(bytes, pts);
    before = id;
  }
  return `${epoch}.${Buffer.from(bytes).toString('base64url')}.${mePts}.${peoplePts}`;
}

/** @returns undefined for what no stream has said. Streams of earlier versions said nothing of the own log, or of profiles. */
export function decodeCursor(text: string): StreamCursor | undefined {
  const [epoch = '', encoded, own = '0', people = '0', ...rest] = text.split('.');
  const [mePts, peoplePts] = [readDigits(own), readDigits(people)];
  if (epoch === '' || encoded === undefined || rest.length > 0) return undefined;
  if (mePts === undefined || peoplePts === undefined) return undefined;
  const numbers = readNumbers(Buffer.from(encoded, 'base64url'));
  if (!numbers || numbers.length % 2 !== 0 || numbers.length / 2 > MAX_CHATS) return undefined;
  const chats = new Map<number, number>();
  let id = 0;
  for (let index = 0; index < numbers.length; index += 2) {
    id += numbers[index] ?? 0;
    const pts = numbers[index + 1] ?? 0;
    if (id < 1 || pts < 1 || !Number.isSafeInteger(id) || !Number.isSafeInteger(pts)) return undefined;
    chats.set(id, pts);
  }
  return { epoch, chats, mePts, peoplePts };
}

function readDigits(text: string): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(number) ? number : undefined;
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
function writeNumber(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}

/** undefined: the last one has no end. */
function readNumbers(bytes: Uint8Array): number[] | undefined {
  const numbers: number[] = [];
  let number = 0;
  let factor = 1;
  for (const byte of bytes) {
    number += (byte & 0x7f) * factor;
    factor *= 0x80;
    if (byte >= 0x80) continue;
    numbers.push(number);
    number = 0;
    factor = 1;
  }
  return factor === 1 ? numbers : undefined;
}
