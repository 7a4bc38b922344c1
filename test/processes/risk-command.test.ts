/** `postern risk explain`, the check of the location files by `postern doctor`, and a start that would lock out administrators. */
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { createTestDatabase } from '../support/gateway/database.ts';
import { testSecret } from '../support/gateway/gateway.ts';
import { addresses, cityFile, writeLocationFiles } from '../support/location/places.ts';
import { createProcessRunner } from '../support/processes/processes.ts';

vi.setConfig({ testTimeout: 120_000 });
const runner = createProcessRunner();
afterAll(() => runner.clear());

const folder = await mkdtemp(join(tmpdir(), 'postern-risk-'));
const files = await writeLocationFiles();

async function rulesFile(refuse: object): Promise<string> {
  const path = join(folder, `${Math.random()}.json`);
  await writeFile(path, JSON.stringify({ refuse }));
  return path;
}

const postern = (args: string[], env: Record<string, string> = {}) =>
  runner.run(args, { env: { SECRET: testSecret, ...files, ...env } });
const explain = (ip: string, env: Record<string, string> = {}) => postern(['risk', 'explain', '--ip', ip], env);

test('explain prints the location of an address and every network that contains it', async () => {
  const networks = { ADMIN_IP_ALLOWLIST: '192.0.2.0/28', RATE_LIMIT_ALLOWLIST: '10.0.0.0/8,192.0.0.0/16' };
  expect(await explain(addresses.berlin, networks)).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `country  DE
city     Berlin
radius   20 km
asn      AS64500
network  fixed
matches  192.0.2.0/24 of GEOIP_DATABASE
matches  192.0.2.0/25 of ASN_DATABASE
matches  192.0.0.0/16 of RATE_LIMIT_ALLOWLIST
matches  192.0.2.0/28 of ADMIN_IP_ALLOWLIST
`,
  });
});

test('explain says that nothing is known about an address', async () => {
  const { code, stdout } = await explain(addresses.unknown);
  expect([code, stdout.match(/unknown/g)?.length]).toEqual([0, 5]);
});

test('explain refuses what is no address, and does not repeat it', async () => {
  expect(await explain('no-address')).toMatchObject({
    code: 2,
    stderr: 'postern: --ip: enter an IP address, for example 203.0.113.7\n',
  });
});

test('explain warns of rules that refuse administrators', async () => {
  const RISK_RULES = await rulesFile({ countries: ['KP'] });
  const { stderr } = await explain(addresses.pyongyang, { RISK_RULES, RISK: 'act' });
  expect(stderr).toContain('Sign-ins from this address are refused.');
  expect(stderr).toContain('The refuse rules apply to SUPER_ADMIN too');
  const excepted = await rulesFile({ countries: ['KP'], exceptRoles: ['SUPER_ADMIN'] });
  const { stderr: gentle } = await explain(addresses.pyongyang, { RISK_RULES: excepted });
  expect(gentle).toBe(
    'postern: Sign-ins from this address would be refused with RISK=act, except users with the role SUPER_ADMIN.\n',
  );
});

test('doctor reports old location files', async () => {
  const old = join(folder, 'old.mmdb');
  await writeFile(old, cityFile(new Date(Date.now() - 100 * 24 * 60 * 60 * 1000)));
  const doctor = (env: Record<string, string>) => postern(['doctor', '--only', 'locations'], env);
  expect((await doctor({ GEOIP_DATABASE: old })).stdout).toMatch(
    /^warn {2}locations {3}GEOIP_DATABASE is 100 days old: download the current file of its provider$/m,
  );
  const recent = join(folder, 'recent.mmdb');
  await writeFile(recent, cityFile(new Date()));
  expect((await doctor({ GEOIP_DATABASE: recent, ASN_DATABASE: recent })).stdout).toMatch(
    /^ok +locations +GEOIP_DATABASE and ASN_DATABASE can be read$/m,
  );
});

test('the gateway does not start when its rules refuse every network of the administrators', async () => {
  const database = await createTestDatabase();
  const RISK_RULES = await rulesFile({ countries: ['DE'] });
  const env = { DATABASE_URL: database.url, PAGES: 'off', PORT: '0', RISK: 'act', RISK_RULES };
  const refused = await postern(['serve'], { ...env, ADMIN_IP_ALLOWLIST: '192.0.2.0/25' });
  expect(refused).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      'RISK_RULES: refuses every network of ADMIN_IP_ALLOWLIST, so no administrator could sign in; add SUPER_ADMIN to refuse.exceptRoles',
    ),
  });
  const unknownRole = await rulesFile({ countries: ['DE'], exceptRoles: ['NOBODY'] });
  expect(await postern(['serve'], { ...env, RISK_RULES: unknownRole })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('RISK_RULES: use names of existing roles'),
  });
  await database.drop();
});
