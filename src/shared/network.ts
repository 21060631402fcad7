import ipaddr from 'ipaddr.js';

/** A household or a server has all addresses of such an IPv6 network, and may use another one for each request. */
const IPV6_NETWORK_BITS = 64;

/** An IPv4 address with a port, or an IPv6 address in brackets with or without one, as some proxies write them. */
const WITH_PORT = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

/**
 * What limits count an address under: an IPv4 address, or the /64 network of an IPv6 address, in one spelling.
 * @param fallback for what is no address, such as the word "unknown" in X-Forwarded-For.
 */
export function networkOf(text: string, fallback: string): string {
  const [, inBrackets, withoutPort] = WITH_PORT.exec(text) ?? [];
  const address = inBrackets ?? withoutPort ?? text;
  // Four decimal numbers: the library also takes forms such as 0x7f.1, which no proxy writes.
  const isPlain = address.includes(':') ? ipaddr.IPv6.isValid(address) : ipaddr.IPv4.isValidFourPartDecimal(address);
  if (!isPlain) return text === fallback ? text : networkOf(fallback, fallback);
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  const network = ipaddr.IPv6.networkAddressFromCIDR(
    `${parsed.toNormalizedString().split('%')[0] ?? ''}/${IPV6_NETWORK_BITS}`,
  );
  return `${network.toRFC5952String()}/${IPV6_NETWORK_BITS}`;
}
