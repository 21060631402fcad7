import type { Nick } from './people.js';

/** Who says what. */
type Line = readonly [Nick, string];

/** Some lines, one after the other. */
interface Part {
  /** How many days ago it began. */
  readonly days: number;
  /** At what time, in hours of the day. */
  readonly at: number;
  readonly lines: readonly Line[];
}

/** A chat of the demo world: a group has a name. */
interface Talk {
  readonly name?: string;
  readonly people: readonly Nick[];
  readonly parts: readonly Part[];
}

export const TALKS: readonly Talk[] = [
  {
    name: 'Corner bakery',
    people: ['ada', 'ben', 'chiara', 'daniel', 'emi', 'farid', 'leo'],
    parts: [
      {
        days: 21,
        at: 7.5,
        lines: [
          ['chiara', 'The new flour is here. Twenty bags, all dry.'],
          ['farid', 'Carried every one of them. My back would like a croissant.'],
          ['ada', 'Your back may have two.'],
          ['ben', 'Doors open in ten minutes. Who has the key to the terrace?'],
          ['emi', 'On the hook behind the mixer, where it has been since Tuesday.'],
          ['ben', 'I looked there.'],
          ['emi', 'Behind the other mixer.'],
          ['ben', 'Found it.'],
        ],
      },
      {
        days: 12,
        at: 16,
        lines: [
          ['daniel', 'Best Saturday so far: 412 customers, and we ran out of rye at eleven.'],
          ['chiara', 'I can do forty loaves more if somebody starts the second oven at four.'],
          ['ada', 'I am up at four anyway.'],
          ['leo', 'May I post that picture of the queue?'],
          ['ada', 'Yes, but blur the man with the umbrella. He asked.'],
          ['leo', 'Done. 900 people have seen it already.'],
        ],
      },
      {
        days: 3,
        at: 9,
        lines: [
          ['emi', 'First drafts of the new bags: one with the street, one with the cat.'],
          ['ben', 'The cat.'],
          ['farid', 'The cat.'],
          ['chiara', 'The cat, obviously.'],
          ['daniel', 'What does the cat cost?'],
          ['emi', 'The same as the street. She works for tuna.'],
          ['daniel', 'Then the cat.'],
        ],
      },
      {
        days: 0,
        at: 6.2,
        lines: [
          ['chiara', 'The starter has doubled. It is going to be a good day.'],
          ['ada', 'Rye is in. Eighty loaves, and the second oven holds its heat.'],
          ['farid', 'Roadworks on Mill Street until noon. I am going by the river, fifteen minutes later than usual.'],
          ['ben', 'I will tell the café.'],
          ['leo', 'Somebody from the radio wants to talk about the cat bags at three. Who is brave?'],
          ['ben', 'Emi is.'],
          ['emi', 'Emi is not.'],
          ['ada', 'I will do it, if somebody does the till from half past two.'],
          ['daniel', 'I can do the till. I have always wanted to press the drawer button.'],
        ],
      },
    ],
  },
  {
    name: 'Mountain weekend',
    people: ['hugo', 'ada', 'ines', 'jonas', 'nora'],
    parts: [
      {
        days: 9,
        at: 19,
        lines: [
          ['hugo', 'The hut has five beds on the 12th. Shall I book?'],
          ['ines', 'Yes!'],
          ['nora', 'Yes, if nobody sings before breakfast this time.'],
          ['jonas', 'That was one song.'],
          ['nora', 'It had nine verses.'],
          ['ada', 'I am in. I bring bread.'],
          ['hugo', 'Booked. Train at 6:40, platform 3. The way up takes four hours, with the ladder at the end.'],
          ['ines', 'What ladder?'],
          ['hugo', 'A small ladder.'],
        ],
      },
      {
        days: 1,
        at: 20.5,
        lines: [
          ['jonas', 'Forecast: sun on Saturday, rain from Sunday noon.'],
          ['hugo', 'Then we start down at eight.'],
          ['ines', 'How many metres is the small ladder?'],
          ['hugo', 'Twelve.'],
          ['ines', 'Hugo.'],
          ['nora', 'I will hold your hand. Both of them.'],
          ['ada', 'One of us should probably hold the ladder.'],
        ],
      },
    ],
  },
  {
    name: 'House on Mill Street',
    people: ['greta', 'ada', 'jonas', 'nora', 'leo'],
    parts: [
      {
        days: 6,
        at: 18.2,
        lines: [
          [
            'greta',
            'Dear all, the heating will be checked on Thursday between 9 and 11. Somebody has to open the cellar.',
          ],
          ['jonas', 'I am at home. I open it.'],
          ['greta', 'Thank you, Jonas. And whose bicycle has been in the stairwell since spring?'],
          ['leo', 'The green one?'],
          ['greta', 'The green one.'],
          ['leo', 'I can explain.'],
          ['greta', 'You can also move it.'],
          ['leo', 'I am moving it.'],
        ],
      },
      {
        days: 2,
        at: 21,
        lines: [
          ['nora', 'There are two parcels for Greta with me.'],
          ['greta', 'I come up after the news. Would you like soup?'],
          ['nora', 'Always.'],
        ],
      },
    ],
  },
  {
    people: ['ada', 'ben'],
    parts: [
      {
        days: 4,
        at: 13,
        lines: [
          ['ben', 'Do you have a minute? It is about the shifts in December.'],
          ['ada', 'Of course. What do you need?'],
          ['ben', 'The 20th to the 27th. My sister comes over from Malmö with the twins.'],
          ['ada', 'Take it. Emi wanted more hours before the holidays, and I can do the mornings.'],
          ['ben', 'You are the best.'],
          ['ada', 'Bring the twins. They may decorate gingerbread until they drop.'],
        ],
      },
      {
        days: 0,
        at: 8.1,
        lines: [
          ['ben', 'The espresso machine makes that sound again.'],
          ['ada', 'The whistle or the cough?'],
          ['ben', 'The cough.'],
          ['ada', 'I asked Jonas. He comes by at ten with his toolbox.'],
          ['ben', 'Good. Until then there is filter coffee, and I smile a lot.'],
        ],
      },
    ],
  },
  {
    people: ['ada', 'jonas'],
    parts: [
      {
        days: 0,
        at: 7.9,
        lines: [
          ['ada', 'Good morning! The espresso machine coughs. Could you have a look today?'],
          ['jonas', 'Probably the pump. I have one here. Ten o’clock?'],
          ['ada', 'Perfect. What do I owe you?'],
          ['jonas', 'Two cinnamon rolls. The ones from the edge of the tray.'],
        ],
      },
    ],
  },
  {
    people: ['ada', 'daniel'],
    parts: [
      {
        days: 5,
        at: 17.4,
        lines: [
          ['daniel', 'The invoices of October are done. One of the mill is missing, from the 14th.'],
          ['ada', 'It must be in the blue folder. I look tomorrow.'],
          ['daniel', 'And we can afford the second oven: https://example.com/ovens/deck-3'],
          ['ada', 'You have never said anything so beautiful.'],
        ],
      },
    ],
  },
  {
    people: ['ben', 'emi'],
    parts: [
      {
        days: 1,
        at: 11.2,
        lines: [
          ['emi', 'Could you try how the cat bags stand on the counter?'],
          ['ben', 'They stand. A child has already asked whether the cat is for sale.'],
          ['emi', 'She is not. But there will be postcards.'],
        ],
      },
    ],
  },
  {
    people: ['ada', 'ines'],
    parts: [
      {
        days: 2,
        at: 15,
        lines: [
          ['ines', 'The pictures for the website are ready. I put the rye in the north light, it looks like a planet.'],
          ['ada', 'Rye *is* a planet.'],
          ['ines', 'Look at them when you have time, and tell me which three you like.'],
        ],
      },
    ],
  },
  {
    people: ['ben', 'nora'],
    parts: [
      {
        days: 8,
        at: 10,
        lines: [
          ['nora', 'Are there cinnamon rolls left?'],
          ['ben', 'Three.'],
          ['nora', 'Two minutes.'],
          ['ben', 'Two left. Run.'],
        ],
      },
    ],
  },
];

/** What the till says in the evening, day by day: a group with a long past. */
export const TILL = {
  name: 'The till says',
  people: ['daniel', 'ada', 'ben', 'chiara'] as const satisfies readonly Nick[],
  days: 240,
  line: (customers: number, loaves: number) => `${customers} customers today, ${loaves} loaves.`,
};
