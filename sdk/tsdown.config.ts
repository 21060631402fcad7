import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    indexeddb: 'src/indexeddb/index.ts',
    react: 'src/react/index.ts',
    receipts: 'src/receipts/index.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  fixedExtension: false,
  dts: true,
});
