import { language, texts } from './index.js';

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const key = language() + JSON.stringify(options);
  let known = formats.get(key);
  if (!known) formats.set(key, (known = new Intl.DateTimeFormat(language(), options)));
  return known.format(date);
}

function startOfDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** How many midnights ago. */
function daysAgo(date: Date): number {
  return Math.round((startOfDay(new Date()).getTime() - startOfDay(date).getTime()) / 86_400_000);
}

export function isSameDay(one: string, other: string): boolean {
  return startOfDay(new Date(one)).getTime() === startOfDay(new Date(other)).getTime();
}

/** `14:05` */
export function clockTime(time: string): string {
  return format(new Date(time), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function dayName(date: Date, days: number): string {
  if (days < 7) return format(date, { weekday: 'long' });
  if (date.getFullYear() === new Date().getFullYear()) return format(date, { day: 'numeric', month: 'long' });
  return format(date, { day: 'numeric', month: 'long', year: 'numeric' });
}

/** As people say a day: `Today`, `Yesterday`, `Monday`, `12 March`. */
export function dayOf(time: string): string {
  const date = new Date(time);
  const days = daysAgo(date);
  if (days <= 0) return texts().today;
  return days === 1 ? texts().yesterday : dayName(date, days);
}

/** As a list says it, shortly: `14:05`, `Yesterday`, `Mon`, `12 Mar`, `12/03/24`. */
export function shortTime(time: string): string {
  const date = new Date(time);
  const days = daysAgo(date);
  if (days <= 0) return clockTime(time);
  if (days === 1) return texts().yesterday;
  if (days < 7) return format(date, { weekday: 'short' });
  if (date.getFullYear() === new Date().getFullYear()) return format(date, { day: 'numeric', month: 'short' });
  return format(date, { day: '2-digit', month: '2-digit', year: '2-digit' });
}

/** In a sentence: `14:05`, `Monday, 14:05`. */
export function moment(time: string): string {
  const date = new Date(time);
  return daysAgo(date) <= 0 ? clockTime(time) : `${dayOf(time)}, ${clockTime(time)}`;
}

export function fullTime(time: string): string {
  return format(new Date(time), { dateStyle: 'full', timeStyle: 'short' });
}

/** `30 seconds`, `5 minutes`, `1 day`. */
export function durationOf(seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds % size === 0) ?? ['second', 1];
  return new Intl.NumberFormat(language(), { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}
