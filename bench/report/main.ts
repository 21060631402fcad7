// `npm run bench:report` writes the charts and the tables of the documentation from the committed results.
import { writeReport } from './report.js';

try {
  const written = await writeReport({
    resultsFile: 'bench/results.json',
    folder: 'docs/performance',
    document: 'docs/performance.md',
  });
  for (const file of written) console.log(file);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
