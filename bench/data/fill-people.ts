import { withClient } from './database.js';

// cspell:disable
const FIRST_NAMES =
  'Ada,Alice,Amelie,Andrea,Anna,Ben,Bernd,Carl,Carla,Clara,Daniel,David,Elena,Emil,Emma,Eva,Felix,Finn,Florian,Hannah,Heike,Ida,' +
  'Jan,Jana,Jonas,Julia,Karl,Katharina,Lara,Laura,Lea,Leon,Lina,Lukas,Maria,Marie,Max,Mia,Michael,Nina,Noah,Olga,Paul,Peter,' +
  'Petra,Sabine,Sara,Simon,Sofia,Thomas,Tim,Tom,Ursula,Vera,Viktor,Werner,Yusuf,Zoe,Christopher,Elizabeth,Alexander,Stephanie';
/** Family names are made of a beginning and an end. */
const BEGINNINGS =
  'Ander,Ash,Bach,Baum,Berg,Bren,Carl,Dahl,Ecker,Feld,Fisch,Fried,Gold,Grün,Hart,Hein,Hoff,Holz,Jans,Kauf,Kirch,Klein,Koch,Kraus,' +
  'Lang,Linden,Mar,Meier,Neu,Nord,Ober,Peter,Rich,Rosen,Sand,Schnei,Schwar,Stein,Steiner,Strom,Thal,Unter,Vogel,Wald,Weiss,Winter,Wolf';
const ENDS = 'mann,er,berg,son,ler,feld,bach,stein,hof,burg,meier,ski,ing,ow,hardt,dorf';

// cspell:enable

const PEOPLE = `
  insert into "user" (username, name)
  select lower(first) || '.' || n, first || ' ' || last
  from generate_series($1::int, $2::int) n
  cross join lateral (
    select first_names[1 + n % cardinality(first_names)] as first,
      beginnings[1 + (n / 7) % cardinality(beginnings)] || ends[1 + (n / 331) % cardinality(ends)] as last
    from (select string_to_array($3, ',') as first_names, string_to_array($4, ',') as beginnings, string_to_array($5, ',') as ends) names
  ) named`;

/** So that progress is kept and no transaction becomes huge. */
const AT_ONCE = 50_000;

/** Fills a database with people who have names like people have. */
export async function fillPeople(url: string, count: number): Promise<void> {
  await withClient(url, async (client) => {
    for (let first = 1; first <= count; first += AT_ONCE) {
      const last = Math.min(first + AT_ONCE - 1, count);
      await client.query(PEOPLE, [first, last, FIRST_NAMES, BEGINNINGS, ENDS]);
    }
    await client.query('vacuum analyze');
  });
}
