/** The protections that a run can be without, to see that it notices. */
export const PROTECTIONS = ['reconciler', 'dedupe', 'attach-first'] as const;
export type Protection = (typeof PROTECTIONS)[number];

const LATE_OR_MISSING =
  /(came|had not come) to .* after [\d.]+ s$|: it is at pts \d+, not|: message \d+ is missing|does not have chat/;

/** What the checker says when a protection is missing. Whatever else it says proves nothing of it. */
export const EXPECTED: Readonly<Record<Protection, RegExp>> = {
  reconciler: LATE_OR_MISSING,
  dedupe: /acknowledged as different messages|is there \d+ times|acknowledged \d+ times as a new message/,
  'attach-first': LATE_OR_MISSING,
};
