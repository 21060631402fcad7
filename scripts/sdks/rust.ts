import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from './language.js';
import { OPENAPI_GENERATOR_NEEDS, openapiGenerator } from './openapi-generator.js';
import { ownFile, run } from './run.js';

/** TLS is left out: it takes a minute to compile, and the conversation needs none. */
const MANIFEST = `[package]
name = "conversation"
version = "0.1.0"
edition = "2021"

[dependencies]
client = { path = "client", default-features = false }
serde_json = "1"

[profile.dev]
debug = false
`;

export const rust: Language = {
  name: 'rust',
  needs: [...OPENAPI_GENERATOR_NEEDS, 'cargo'],
  clients: [
    {
      generator: 'openapi-generator',
      async check(workplace) {
        const { folder, environment } = workplace;
        await openapiGenerator(workplace, 'rust', { packageName: 'client', supportAsync: 'false' });
        await writeFile(join(folder, 'Cargo.toml'), MANIFEST);
        await mkdir(join(folder, 'src'));
        await copyFile(ownFile('./rust/main.rs'), join(folder, 'src', 'main.rs'));
        await run('cargo', ['build', '--quiet'], { cwd: folder, environment: { RUSTFLAGS: '-D warnings' } });
        await run(join(folder, 'target', 'debug', 'conversation'), [], { cwd: folder, environment });
      },
    },
  ],
};
