/** What devices run: the client of test/client, or `messenger-client`. */
export const CLIENTS = ['reference', 'sdk'] as const;
export type ClientName = (typeof CLIENTS)[number];

const OF_THE_SERVER = ['reconciler', 'dedupe', 'attach-first'] as const;
const OF_THE_SDK = ['every-change', 'client-id'] as const;
type ServerProtection = (typeof OF_THE_SERVER)[number];
export type SdkProtection = (typeof OF_THE_SDK)[number];
export type Protection = ServerProtection | SdkProtection;

/** The protections that a run can be without, to see that it notices, by the client that it is done with. */
export const PROTECTIONS: Readonly<Record<ClientName, readonly Protection[]>> = {
  reference: OF_THE_SERVER,
  sdk: OF_THE_SDK,
};

export function isOfTheSdk(protection: Protection): protection is SdkProtection {
  return (OF_THE_SDK as readonly Protection[]).includes(protection);
}

const LATE_OR_MISSING =
  /(came|had not come) to .* after [\d.]+ s$|: it is at pts \d+, not|: message \d+ is missing|does not have chat/;

/** What the checker says when a protection is missing. Whatever else it says proves nothing of it. */
export const EXPECTED: Readonly<Record<Protection, RegExp>> = {
  reconciler: LATE_OR_MISSING,
  dedupe: /acknowledged as different messages|is there \d+ times|acknowledged \d+ times as a new message/,
  'attach-first': LATE_OR_MISSING,
  'every-change': /: message \d+ (is missing|says|should be gone)/,
  'client-id': /acknowledged as different messages|is there \d+ times|has the client_id null/,
};
