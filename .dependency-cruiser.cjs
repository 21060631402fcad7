// Who may import whom: docs/architecture.md has the table and the reasons.

const FEATURE = '^src/features/([^/]+)/';
const INDEX = '^src/features/[^/]+/index\\.ts$';

/** Whatever is in `from` may import of src only what is in `to`. */
function only(name, from, to) {
  return { name, severity: 'error', from: { path: from }, to: { path: '^src/', pathNot: to } };
}

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only('entries', '^src/[^/]+\\.ts$', [
      '^src/(app|serve|workers|metrics-server|operate|password-prompt)\\.ts$',
      '^src/audit/index',
      '^src/cluster/index',
      '^src/config/index',
      '^src/database/index',
      '^src/host-tokens/index',
      '^src/mail/index',
      '^src/second-factor/index',
      '^src/shared/',
      '^src/tokens/index',
      '^src/plugins/',
      '^src/realtime/index',
      '^src/features/index',
    ]),
    only('testing', '^src/testing/', [
      '^src/testing/',
      '^src/app\\.ts$',
      '^src/audit/index',
      '^src/config/index',
      '^src/database/index',
      // What it needs before it loads the rest, or instead of it.
      '^src/database/embedded/postgres',
      '^src/database/migrations/folder',
      '^src/features/index',
      '^src/mail/index',
      '^src/plugins/validation',
      '^src/shared/',
    ]),
    {
      name: 'testing-loads-the-server-in-its-thread',
      comment: 'In the process of the test it would take its time for each file, with the clock of the test.',
      severity: 'error',
      from: { path: '^src/testing/', pathNot: '^src/testing/thread/(server|accounts|make-template)' },
      to: {
        path: '^src/(app|audit|config|database/index|features|mail|plugins)',
        dependencyTypesNot: ['type-only'],
      },
    },
    only('config', '^src/config/', ['^src/config/']),
    only('plugins', '^src/plugins/', [
      '^src/plugins/',
      '^src/config/index',
      '^src/database/index',
      '^src/mail/index',
      '^src/shared/',
    ]),
    only('mail', '^src/mail/', ['^src/mail/', '^src/config/index', '^src/database/index', '^src/shared/']),
    only('audit', '^src/audit/', ['^src/audit/', '^src/database/index', '^src/shared/']),
    only('tokens', '^src/tokens/', ['^src/tokens/', '^src/database/index', '^src/shared/']),
    only('second-factor', '^src/second-factor/', [
      '^src/second-factor/',
      '^src/audit/index',
      '^src/database/index',
      '^src/shared/',
    ]),
    only('host-tokens', '^src/host-tokens/', ['^src/host-tokens/', '^src/config/index', '^src/shared/']),
    only('features', FEATURE, [
      '^src/features/$1/',
      INDEX,
      '^src/features/feature',
      '^src/audit/index',
      '^src/changes/index',
      '^src/database/index',
      '^src/host-tokens/index',
      '^src/mail/index',
      '^src/realtime/index',
      '^src/second-factor/index',
      '^src/shared/',
      '^src/tokens/index',
    ]),
    only('features-list', '^src/features/[^/]+\\.ts$', [
      '^src/features/feature',
      INDEX,
      '^src/changes/index',
      '^src/database/index',
      '^src/host-tokens/index',
      '^src/mail/index',
      '^src/realtime/index',
      '^src/second-factor/index',
      '^src/shared/',
      '^src/tokens/index',
    ]),
    only('changes', '^src/changes/', ['^src/changes/', '^src/database/index', '^src/realtime/index', '^src/shared/']),
    only('cluster', '^src/cluster/', ['^src/cluster/', '^src/config/index', '^src/realtime/index', '^src/shared/']),
    only('realtime', '^src/realtime/', ['^src/realtime/', '^src/shared/']),
    only('database', '^src/database/', ['^src/database/', '^src/shared/']),
    only('shared', '^src/shared/', ['^src/shared/']),
    {
      name: 'only-the-entries-read-features-and-plugins',
      severity: 'error',
      from: { path: '^src/(main|serve|workers|migrate|rotate-epoch)\\.ts$' },
      to: { path: '^src/(features|plugins)/' },
    },
    {
      name: 'rules-without-fastify',
      comment: 'What a request means is decided where nothing knows that it came over HTTP.',
      severity: 'error',
      from: {
        path: [
          '^src/features/.+\\.(service|queries|changes|fields|events|frames)\\.ts$',
          '^src/changes/',
          '^src/realtime/',
        ],
      },
      to: { path: '(^|/)node_modules/(fastify|@fastify)/' },
    },
    {
      name: 'generated-client',
      severity: 'error',
      from: { pathNot: '^src/database/' },
      to: { path: ['^src/database/generated/', '(^|/)node_modules/(@prisma|pg|@electric-sql)/'] },
    },
    {
      name: 'no-scripts-nor-tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts|bench)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/database/generated/internal' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
