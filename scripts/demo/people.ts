// cspell:disable
/** The people of the demo world, by what they are called in its talks. */
export const PEOPLE = {
  ada: { name: 'Ada Okafor', bio: 'Bakes at night, codes at noon.' },
  ben: { name: 'Ben Lindqvist', bio: 'Front of house. Coffee first.' },
  chiara: { name: 'Chiara Rossi', bio: 'Sourdough, and nothing else before nine.' },
  daniel: { name: 'Daniel Cohen', bio: 'Numbers, invoices, more numbers.' },
  emi: { name: 'Emi Tanaka', bio: 'Draws what others only describe.' },
  farid: { name: 'Farid Haddad', bio: 'Two wheels, one van, all deliveries.' },
  greta: { name: 'Greta Hoffmann', bio: 'Lives above the bakery. Smells everything.' },
  hugo: { name: 'Hugo Martins', bio: 'Climbing on weekends.' },
  ines: { name: 'Ines Kowalska', bio: 'Photographs bread for a living.' },
  jonas: { name: 'Jonas Weber', bio: 'Fixes ovens and old radios.' },
  nora: { name: 'Nora Novak', bio: 'Here for the cinnamon rolls.' },
  leo: { name: 'Leo Park', bio: 'Marketing, when awake.' },
} as const;
// cspell:enable

export type Nick = keyof typeof PEOPLE;
