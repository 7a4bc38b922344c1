/** RISK_RULES, GEO_HEADERS and the location files as settings: what stops the start, with what to give instead. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { locksAdministratorsOut } from '../../src/app/administrator-lockout.ts';
import { openGeoDatabases } from '../../src/app/geoip.ts';
import { type Config, ConfigError, readConfig } from '../../src/config/config.ts';
import { defaultRules } from '../../src/domain/risk/rules.ts';
import { cityFile, writeLocationFiles } from '../support/location/places.ts';

const folder = await mkdtemp(join(tmpdir(), 'postern-rules-'));

async function write(content: string | Buffer): Promise<string> {
  const path = join(folder, `${Math.random()}`);
  await writeFile(path, content);
  return path;
}

const read = (settings: Record<string, string>) => readConfig({ NODE_ENV: 'test', ...settings });

function problemsOf(settings: Record<string, string>): readonly string[] {
  try {
    read(settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('RISK_RULES', () => {
  const rulesIn = async (content: object) =>
    read({ RISK_RULES: await write(JSON.stringify(content)) }).domain.risk.rules;

  test('changes what it names and keeps the rest', async () => {
    const rules = await rulesIn({
      points: { NEW_COUNTRY: 0 },
      thresholds: { captcha: 50 },
      refuse: { countries: ['KP'] },
    });
    expect(rules).toEqual({
      points: { ...defaultRules.points, NEW_COUNTRY: 0 },
      thresholds: { mail: 20, captcha: 50, secondStep: 60 },
      refuse: { countries: ['KP'], exceptRoles: [], exceptNetworks: [] },
    });
  });

  test('may be empty', async () => expect(await rulesIn({})).toEqual(defaultRules));

  test.each<[string, object, RegExp]>([
    ['an unknown member', { point: {} }, /point/],
    ['an unknown signal', { points: { NEW_MOON: 5 } }, /NEW_MOON/],
    ['a fraction', { points: { NEW_ASN: 1.5 } }, /points\.NEW_ASN/],
    ['negative points', { points: { NEW_ASN: -5 } }, /points\.NEW_ASN/],
    ['descending thresholds', { thresholds: { mail: 50 } }, /ascending/],
    ['a country in lower case', { refuse: { countries: ['kp'] } }, /two capital letters/],
    ['a network that is none', { refuse: { exceptNetworks: ['home'] } }, /exceptNetworks/],
    ['a network with a comma', { refuse: { exceptNetworks: ['10.0.0.0/8,home'] } }, /exceptNetworks/],
    ['a list', [], /./],
  ])('with %s stops the start', async (_name, content, problem) => {
    const problems = problemsOf({ RISK_RULES: await write(JSON.stringify(content)) });
    expect(problems.join('\n')).toMatch(problem);
    expect(problems.every((text) => text.startsWith('RISK_RULES: '))).toBe(true);
  });

  test.each([
    ['{', 'a broken file'],
    ['x'.repeat(200_000), 'a file that is too large'],
  ])('%#: names what to give', async (content) => {
    expect(problemsOf({ RISK_RULES: await write(content) })).toEqual([
      'RISK_RULES: use the path of a JSON file such as {"points": {"NEW_COUNTRY": 30}}',
    ]);
  });
});

test('GEO_HEADERS needs TRUSTED_PROXIES, or any client could name its country', () => {
  expect(problemsOf({ GEO_HEADERS: 'cloudflare' })).toEqual([
    'GEO_HEADERS: requires TRUSTED_PROXIES; set it to the networks of the proxies that set these headers',
  ]);
});

test.each(['akamai', 'country=', 'city=X-City', 'country=X-Country,country=X-Other', 'country=X Country', 'toString'])(
  'GEO_HEADERS=%s stops the start',
  (value) => {
    expect(problemsOf({ GEO_HEADERS: value, TRUSTED_PROXIES: '10.0.0.0/8' }).join()).toMatch(
      /^GEO_HEADERS: use cloudflare/,
    );
  },
);

test.each(['GEOIP_DATABASE', 'ASN_DATABASE'])('%s that is missing or no MMDB file stops the start', async (setting) => {
  const advice = `${setting}: use the path of an MMDB file that this process can read`;
  expect(problemsOf({ [setting]: join(folder, 'none') })).toEqual([advice]);
  expect(problemsOf({ [setting]: folder })).toEqual([advice]);
  expect(problemsOf({ [setting]: await write('text') })).toEqual([advice]);
  expect(problemsOf({ [setting]: await write(cityFile()) })).toEqual([]);
});

describe('a rule that refuses the networks of all administrators', () => {
  async function locksOut(refuse: object, allowlist: string, mode = 'act'): Promise<boolean> {
    const files = await writeLocationFiles();
    const rules = await write(JSON.stringify({ refuse }));
    const settings = { ...files, RISK: mode, RISK_RULES: rules, ADMIN_IP_ALLOWLIST: allowlist };
    const config: Config = read(settings);
    return locksAdministratorsOut(config.domain, await openGeoDatabases(config.geo, () => undefined));
  }
  const berlin = { countries: ['DE'] };

  test('is found', async () => {
    expect(await locksOut(berlin, '192.0.2.0/25')).toBe(true);
    expect(await locksOut({ countries: ['DE', 'US'] }, '192.0.2.0/25,198.51.100.200')).toBe(true);
  });

  test.each<[string, object, string, string?]>([
    ['one network is elsewhere', berlin, '192.0.2.0/25,198.51.100.128/25'],
    ['one network is private', berlin, '192.0.2.0/25,10.0.0.0/8'],
    ['a network is wider than the country in the file', berlin, '192.0.0.0/8'],
    ['the role is excepted', { ...berlin, exceptRoles: ['SUPER_ADMIN'] }, '192.0.2.0/25'],
    ['a part of the network is excepted', { ...berlin, exceptNetworks: ['192.0.2.7/32'] }, '192.0.2.0/25'],
    ['the mode is observe', berlin, '192.0.2.0/25', 'observe'],
  ])('is no lockout when %s', async (_name, refuse, allowlist, mode) => {
    expect(await locksOut(refuse, allowlist, mode)).toBe(false);
  });
});
