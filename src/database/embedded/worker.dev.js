// Runs worker.ts as it stands, for those who run from the sources: the tests and `npm run dev`.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
