import { BlockList, isIP } from 'node:net';
import type { Environment } from './schema.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const version = isIP(host);
  return host === 'localhost' || (version !== 0 && LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6'));
}

/** While anyone may be anyone, the server must be nobody's but that of the person who tries it. */
export function developmentErrors({ DATABASE_URL, PUBLIC_URL, TRUST_PROXY, HOST }: Environment): string[] {
  const without = (name: string) => `DEVELOPMENT must be "off" with ${name}: it lets anyone be anyone.`;
  return [
    ...(DATABASE_URL === undefined ? [] : [without('DATABASE_URL')]),
    ...(PUBLIC_URL === undefined ? [] : [without('PUBLIC_URL')]),
    ...(TRUST_PROXY === '' || TRUST_PROXY === 'false' ? [] : [without('TRUST_PROXY')]),
    ...(isLoopback(HOST) ? [] : [without(`a HOST that others reach (${HOST})`)]),
  ];
}
