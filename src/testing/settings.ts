/** What the kit decides itself: the server is one thread on the embedded database, behind a network of the kit's own. */
const OWN = [
  ...['PORT', 'HOST', 'PUBLIC_URL', 'TRUST_PROXY', 'WORKERS', 'SHUTDOWN_DELAY_MS'],
  ...['DATABASE_URL', 'DATA_DIR', 'DATABASE_POOL_SIZE', 'MIGRATE'],
  ...['CLUSTER_URL', 'CLUSTER_PREFIX', 'REDIS_URL', 'REDIS_CLUSTER', 'REDIS_PREFIX'],
  ...['METRICS_PORT', 'METRICS_HOST', 'SMTP_URL'],
];

/** The settings of the server by the names that `.env.example` has, but for those that the kit decides itself. */
export type Settings = Readonly<Record<string, string | number>>;

/** @throws TypeError that names those that the kit decides itself. */
export function refuseOwnSettings(settings: Settings): void {
  const own = OWN.filter((name) => Object.hasOwn(settings, name));
  if (own.length > 0) throw new TypeError(`The test kit decides ${own.join(', ')} itself.`);
}
