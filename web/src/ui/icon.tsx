/** Strokes of 24 × 24. Those that point somewhere are turned around where one reads from right to left. */
const PATHS = {
  back: 'M15 5l-7 7 7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  pencil: 'M4 20l1-4L16.5 4.5l3 3L8 19l-4 1Z',
  gear: 'M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM12 3v2.5M12 18.5V21M3 12h2.5M18.5 12H21M5.6 5.6l1.8 1.8M16.6 16.6l1.8 1.8M5.6 18.4l1.8-1.8M16.6 7.4l1.8-1.8',
  thread: 'M4 5h16v10H11l-4 4v-4H4V5ZM8 9h8M8 12h5',
  send: 'M4 12l16-7-5 15-3.5-6L4 12Z',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  checks: 'M2 12.5L6.5 17 15 7.5M11 16.5l.5.5L21 7.5',
  clock: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8v4.5l3 1.5',
  alert: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 8v4.5M12 15.5v.01',
  muted: 'M6 17V11a6 6 0 0 1 9-5.2M18 11v6H9M10.5 20h3M4 4l16 16',
  pin: 'M9 4h6l-1 6 3 3.5H7L10 10 9 4ZM12 13.5V20',
  archive: 'M4 5h16v4H4zM5.5 9v10h13V9M10 12.5h4',
  people:
    'M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11ZM3 19c0-3 2.5-5 6-5s6 2 6 5M16 5a3 3 0 0 1 0 5.8M17.5 14.3c2 .6 3.5 2.3 3.5 4.7',
  info: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 11.5V16M12 8v.01',
  smile: 'M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM8.5 14c.8 1.2 2 1.8 3.5 1.8s2.7-.6 3.5-1.8M9.5 9.5v.01M14.5 9.5v.01',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM15.5 15.5L20 20',
  keyboard: 'M3 6.5h18v11H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
} as const;

const TURNED = new Set<keyof typeof PATHS>(['back', 'send', 'checks']);

export type IconName = keyof typeof PATHS;

/** A picture beside words, or in a control that has a label: nothing for a screen reader. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class={`icon${TURNED.has(name) ? ' icon-turned' : ''}${name === 'more' ? ' icon-dots' : ''}`}
      viewBox="0 0 24 24"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
