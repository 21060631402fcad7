/** A text that says when it was made, on a clock that all processes of a machine share. */
export function timed(): string {
  return `@${process.hrtime.bigint()}@`;
}

/** When the text was made; undefined: it does not say. */
export function sentAt(contents: string): bigint | undefined {
  const [, time] = /^@(\d+)@/.exec(contents) ?? [];
  return time === undefined ? undefined : BigInt(time);
}

const CONTENTS = '"contents":"';

/** The contents of a message in an event; '' in any other frame. */
export function contentsOf(frame: string): string {
  const start = frame.indexOf(CONTENTS);
  return start === -1 ? '' : frame.slice(start + CONTENTS.length, frame.indexOf('"', start + CONTENTS.length));
}
