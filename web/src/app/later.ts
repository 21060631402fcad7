/** When people begin their day. */
const MORNING = 9;
const HOUR_MS = 3_600_000;

/** Tomorrow in the morning. */
export function tomorrow(): Date {
  const date = new Date();
  date.setDate(date.getDate() + 1);
  date.setHours(MORNING, 0, 0, 0);
  return date;
}

export function inAnHour(): Date {
  return new Date(Date.now() + HOUR_MS);
}
