/** Which addresses count as one source, as one network, and as listed (domain/source.ts). */
import { expect, test } from 'vitest';
import { isWithin, networkOf, readNetworks, sourceOf } from '../../src/domain/source.ts';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9', '::ffff:203.0.113.9'],
  ['203.0.113.9', '::FFFF:203.0.113.9'],
  ['203.0.113.9', '::ffff:cb00:7109'],
  ['2001:db8:1:2::1', '2001:db8:1:2::2'],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
  ['2001:db8:1:2::1', '2001:0DB8:0001:0002:0000:0000:0000:0001'],
  ['::1', '0:0:0:0:0:0:0:1'],
])('%s and %s are one source', (one, other) => {
  expect(sourceOf(one)).toBe(sourceOf(other));
});

test.each([
  ['203.0.113.9', '203.0.113.10'],
  ['203.0.113.9', '::ffff:203.0.113.10'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['2001:db8:1:2::1', '2001:db8:2:2::1'],
  ['203.0.113.9', '2001:db8:1:2::1'],
])('%s and %s are two sources', (one, other) => {
  expect(sourceOf(one)).not.toBe(sourceOf(other));
});

test.each([null, '', 'unknown', '203.0.113.9:4711', '203.0.113.256', '2001:db8::1::2', 'localhost', '€'])(
  'an invalid address (%s) is one source, and throws nothing',
  (text) => {
    expect(sourceOf(text)).toBe('unknown');
    expect(networkOf(text)).toBeNull();
    expect(isWithin(text, readNetworks(['0.0.0.0/0', '::/0']))).toBe(false);
  },
);

test('an address with a zone is a source, and throws nothing', () => {
  expect(sourceOf('fe80::1%eth0')).toMatch(/^fe80::/);
  expect(sourceOf('fe80::1%eth0')).toBe(sourceOf('fe80::2%eth0'));
});

test('a source fits its columns', () => {
  const longest = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff';
  expect((networkOf(longest) ?? '').length).toBeLessThanOrEqual(45);
  expect(sourceOf(longest).length).toBeLessThanOrEqual(45);
});

test.each([
  ['203.0.113.9', '203.0.113.250', true],
  ['203.0.113.9', '203.0.114.9', false],
  ['203.0.113.9', '::ffff:203.0.113.77', true],
  ['2001:db8:1:2::1', '2001:db8:1:ffff::1', true],
  ['2001:db8:1:2::1', '2001:db8:2:2::1', false],
])('%s and %s in one network: %s', (one, other, expected) => {
  expect(networkOf(one) === networkOf(other)).toBe(expected);
});

test.each([
  ['10.1.2.3', ['10.0.0.0/8'], true],
  ['11.1.2.3', ['10.0.0.0/8'], false],
  ['10.1.2.3', ['192.168.0.0/16', '10.1.2.3'], true],
  ['10.1.2.4', ['10.1.2.3'], false],
  ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
  ['::ffff:a01:203', ['10.0.0.0/8'], true],
  ['2001:db8:1::5', ['2001:db8::/32'], true],
  ['2001:db9::5', ['2001:db8::/32'], false],
  ['2001:db8::1', ['2001:db8::1'], true],
  ['2001:db8::2', ['2001:db8::1'], false],
  ['10.1.2.3', ['::/0'], false],
  ['2001:db8::1', ['0.0.0.0/0'], false],
  ['10.1.2.3', ['0.0.0.0/0'], true],
  ['10.1.2.3', [], false],
] as const)('%s within %j: %s', (address, networks, expected) => {
  expect(isWithin(address, readNetworks(networks))).toBe(expected);
});
