/** Warnings at the start about valid settings that are rarely intended (app/setting-warnings.ts). */
import { expect, test } from 'vitest';
import { settingWarnings } from '../../src/app/setting-warnings.ts';
import { readConfig } from '../../src/config/config.ts';

const warningsOf = (env: Record<string, string>) => settingWarnings(readConfig({ NODE_ENV: 'development', ...env }));

test.each([
  ['TRUSTED_PROXIES', '0.0.0.0/0'],
  ['TRUSTED_PROXIES', '10.0.0.0/8,::/0'],
  ['TRUSTED_PROXIES', '2000::/3'],
  ['RATE_LIMIT_ALLOWLIST', '0.0.0.0/0'],
  ['RATE_LIMIT_ALLOWLIST', '::/0'],
  ['RATE_LIMIT_ALLOWLIST', '128.0.0.0/1'],
])('%s=%s has one warning that names the setting and the network', (name, value) => {
  const [warning, ...others] = warningsOf({ [name]: value });
  expect(warning).toContain(`${name} `);
  expect(warning).toContain(value.split(',').at(-1));
  expect(others).toEqual([]);
});

test('two halves of all addresses each have a warning', () => {
  expect(warningsOf({ TRUSTED_PROXIES: '0.0.0.0/1,128.0.0.0/1' })).toHaveLength(2);
});

test('private networks and single addresses have no warning', () => {
  const networks = '10.0.0.0/8,fc00::/7,192.0.2.7,2001:db8::1,172.16.0.0/12';
  expect(warningsOf({ TRUSTED_PROXIES: networks, RATE_LIMIT_ALLOWLIST: networks })).toEqual([]);
});

test('http origins have a warning beside an https PUBLIC_URL only', () => {
  const CORS_ORIGINS = 'http://app.example.com,https://shop.example.com';
  const [warning, ...others] = warningsOf({ PUBLIC_URL: 'https://auth.example.com', CORS_ORIGINS });
  expect(warning).toMatch(/^CORS_ORIGINS allows http:\/\/app\.example\.com without TLS/);
  expect(others).toEqual([]);
  expect(warningsOf({ PUBLIC_URL: 'http://localhost:4000', CORS_ORIGINS })).toEqual([]);
});
