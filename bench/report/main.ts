// `npm run bench:report` writes the charts and the tables of the documentation from the committed results;
// `npm run bench:report -- check` ends with 1 when one of them says something else.
import { writeReport } from './report.js';

const RESULTS = 'bench/results.json';
const check = process.argv[2] === 'check';

try {
  const changed = await writeReport({
    resultsFile: RESULTS,
    folder: 'docs/performance',
    document: 'docs/performance.md',
    check,
  });
  for (const file of changed) {
    if (check) console.error(`${file} is not what ${RESULTS} says. Run: npm run bench:report`);
    else console.log(file);
  }
  if (check && changed.length > 0) process.exitCode = 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
