// Runs thread.ts as it stands, for those who run from the sources: the kit's own tests.
import { register } from 'tsx/esm/api';

register();
await import('./thread.ts');
