const NANOSECONDS = 1e6;

/** Milliseconds on a clock that all processes of a machine share. */
export function now(): number {
  return Number(process.hrtime.bigint()) / NANOSECONDS;
}

/** A text that says when it was made. */
export function timed(): string {
  return `@${now()}@`;
}

/** When the text was made; undefined: it does not say. */
export function sentAt(contents: string): number | undefined {
  const [, time] = /^@([\d.]+)@/.exec(contents) ?? [];
  return time === undefined ? undefined : Number(time);
}

const CONTENTS = '"contents":"';

/** The contents of a message in an event; '' in any other frame. */
export function contentsOf(frame: string): string {
  const start = frame.indexOf(CONTENTS);
  return start === -1 ? '' : frame.slice(start + CONTENTS.length, frame.indexOf('"', start + CONTENTS.length));
}
