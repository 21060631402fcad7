import { copyFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Language } from './language.js';
import { OPENAPI_GENERATOR_NEEDS, openapiGenerator } from './openapi-generator.js';
import { ownFile, run } from './run.js';

export const java: Language = {
  name: 'java',
  needs: [...OPENAPI_GENERATOR_NEEDS, 'javac', 'mvn'],
  clients: [
    {
      generator: 'openapi-generator',
      async check(workplace) {
        const { folder, environment } = workplace;
        await openapiGenerator(workplace, 'java', { library: 'native', hideGenerationTimestamp: 'true' });
        const client = join(folder, 'client');
        // Maven brings the libraries that the client names, and the compiler judges the client itself.
        const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'libraries')}`];
        await run('mvn', ['--batch-mode', '--quiet', ...copy, '-DincludeScope=compile'], { cwd: client });
        await copyFile(ownFile('./java/Conversation.java'), join(folder, 'Conversation.java'));
        const files = await readdir(join(client, 'src/main/java'), { recursive: true });
        const sources = files
          .filter((file) => file.endsWith('.java'))
          .map((file) => join(client, 'src/main/java', file));
        const libraries = `${join(folder, 'libraries')}/*`;
        const compile = ['--release', '17', '-cp', libraries, '-d', 'classes'];
        await run('javac', [...compile, '-nowarn', ...sources], { cwd: folder });
        // The generator's own code is not free of warnings. What is written with it is.
        const classpath = ['classes', libraries].join(delimiter);
        const strict = ['-Xlint:all,-processing,-classfile', '-Werror', '-proc:none'];
        await run('javac', ['--release', '17', ...strict, '-cp', classpath, '-d', 'classes', 'Conversation.java'], {
          cwd: folder,
        });
        await run('java', ['-cp', classpath, 'Conversation'], { cwd: folder, environment });
      },
    },
  ],
};
