import { describe, expect, it } from 'vitest';
import { networkOf } from '../../src/shared/network.js';

const FALLBACK = '192.0.2.1';

describe('the network of an address', () => {
  it.each([
    ['203.0.113.5', '203.0.113.5'],
    ['203.0.113.5:4711', '203.0.113.5'],
    ['::ffff:203.0.113.5', '203.0.113.5'],
    ['::FFFF:cb00:7105', '203.0.113.5'],
    ['[::ffff:203.0.113.5]:80', '203.0.113.5'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:0000:0000:0000:0009', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::7]', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::7]:65535', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::7%eth0', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::1', '2001:db8:1:3::/64'],
    ['::1', '::/64'],
  ])('of %s is %s', (text, network) => {
    expect(networkOf(text, FALLBACK)).toBe(network);
  });

  it.each([
    'unknown',
    '',
    '_hidden',
    '0x7f.1',
    '2130706433',
    '203.0.113.5.6',
    '1.2.3.4:port',
    '[::1',
    'example.com',
    ':::',
  ])('of %j is that of the connection', (text) => {
    expect(networkOf(text, FALLBACK)).toBe(FALLBACK);
  });

  it('is nothing on a Unix socket', () => {
    expect(networkOf('', '')).toBe('');
  });
});
