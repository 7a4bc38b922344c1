/** Mails about API keys: before and at the expiry, and when a key was in the address of a request. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { sendExpiryMails } from '../../src/domain/applications/expiry-mails.ts';
import { identifyKey } from '../../src/domain/applications/identify-key.ts';
import { mintApiKey } from '../../src/security/api-key.ts';
import { startTestGateway, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RevokeApiKeyDocument, RotateApiKeyDocument } from '../support/generated/graphql.ts';
import { recipientsOf } from '../support/mail/mail-server.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { createApiKey, createServiceAccount, day, machineOf } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const subjects = {
  expiring: 'One of your API keys expires soon',
  expired: 'One of your API keys has expired',
  exposed: 'One of your API keys was exposed',
};
const gateway = useGateway();
let app: App;
beforeAll(async () => {
  app = await createApp(readConfig(settings()), { clock: gateway.clock });
});
afterAll(() => app.close());

function settings(): Record<string, string> {
  return { NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret };
}

/** The mails about keys that were stored in the outbox since the last call. */
async function mailedKinds(): Promise<string[]> {
  const rows = await gateway.database.query<{ kind: string }>(
    `select kind from outbox_mails where kind like 'api_key_%' and state <> 'dead' and created_at > $1 order by id`,
    [since],
  );
  since = gateway.clock.now();
  return rows.map(({ kind }) => kind);
}
let since = new Date(0);

/** A minute of three instances. */
async function maintain(): Promise<string[]> {
  gateway.clock.travel(60);
  const round = () => sendExpiryMails(app.dependencies());
  await Promise.all([round(), round(), round()]);
  return mailedKinds();
}

describe('the expiry of a key', () => {
  test('is mailed to its owner seven days before, and when it has come', async () => {
    const ada = await gateway.person();
    await createApiKey(gateway, ada.accessToken, { name: 'deploy' });
    expect(await maintain()).toEqual([]);
    gateway.clock.travel(23 * day - 180);
    expect(await maintain()).toEqual([]);
    gateway.clock.travel(120);
    expect(await maintain()).toEqual(['api_key_expiring']);
    expect((await gateway.mail.take(ada.viewer.email, subjects.expiring)).text).toContain('“deploy”');
    expect(await maintain()).toEqual([]);
    gateway.clock.travel(7 * day);
    expect(await maintain()).toEqual(['api_key_expired']);
    expect((await gateway.mail.take(ada.viewer.email, subjects.expired)).text).toContain('“deploy”');
    expect(await maintain()).toEqual([]);
  });

  test('is mailed once for a key of a few days', async () => {
    const ada = await gateway.person();
    await createApiKey(gateway, ada.accessToken, { expiresIn: day });
    expect(await maintain()).toEqual([]);
    gateway.clock.travel(day);
    expect(await maintain()).toEqual(['api_key_expired']);
    expect(await maintain()).toEqual([]);
  });

  test('is not mailed for a revoked key, nor to a suspended owner', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    const { id } = await createApiKey(gateway, ada.accessToken, { expiresIn: day });
    await createApiKey(gateway, bob.accessToken, { expiresIn: day });
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, ada.accessToken);
    await gateway.database.query(`update users set status = 'SUSPENDED' where id = $1`, [bob.viewer.id]);
    gateway.clock.travel(day);
    expect(await maintain()).toEqual([]);
  });

  test('of a service account is mailed to its creator', async () => {
    const { accessToken, viewer } = await registerUserWithRole(gateway, 'ADMIN');
    const serviceAccountId = await createServiceAccount(gateway, accessToken);
    await createApiKey(gateway, accessToken, { serviceAccountId, expiresIn: day });
    gateway.clock.travel(day);
    expect(await maintain()).toEqual(['api_key_expired']);
    const { text } = await gateway.mail.take(viewer.email, subjects.expired);
    expect(text).toMatch(/“nightly build” of the service account “robot \d+”/);
  });

  test('of many keys at once is mailed within the limit of mails, and later for the others', async () => {
    const ada = await gateway.person();
    for (let count = 0; count < 5; count += 1) await createApiKey(gateway, ada.accessToken, { expiresIn: day });
    gateway.clock.travel(day);
    expect(await maintain()).toHaveLength(3);
    expect(await maintain()).toEqual([]);
    gateway.clock.travel(3600);
    expect(await maintain()).toHaveLength(2);
  });
});

describe('a key in an address', () => {
  /** Another instance receives the requests, and writes its notes when it stops. */
  async function expose(...paths: string[]): Promise<void> {
    const other = await startTestGateway({}, gateway);
    const headers = { 'user-agent': 'Careless/1' };
    for (const path of paths) expect((await fetch(`${other.url}${path}`, { headers })).status).toBe(400);
    await other.end();
  }
  const exposures = async (apiKeyId: string) =>
    (await auditTrail(gateway.database, 'api_key.exposed')).filter(({ details }) => details.apiKeyId === apiKeyId);

  test('is recorded with the request, and mailed to the owner once a day', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken, { name: 'deploy' });
    await expose(`/graphql?key=${key}`, `/x/${key.replaceAll('_', '%5F')}`);
    expect(await exposures(id)).toEqual([
      expect.objectContaining({
        outcome: 'DENIED',
        actorId: null,
        targetId: ada.viewer.id,
        ipAddress: '127.0.0.1',
        userAgent: 'Careless/1',
        details: { apiKeyId: id, count: 2 },
      }),
    ]);
    expect((await gateway.mail.take(ada.viewer.email, subjects.exposed)).text).toContain('“deploy”');
    expect((await machineOf(gateway, key))?.name).toBe('deploy');
    gateway.clock.travel(day - 60);
    await expose(`/?${key}`);
    expect(await exposures(id)).toHaveLength(2);
    await everythingIsSent(gateway.database);
    const mails = gateway.mail.mails.filter((mail) => recipientsOf(mail).includes(ada.viewer.email));
    expect(mails.filter(({ subject }) => subject === subjects.exposed)).toEqual([]);
    gateway.clock.travel(120);
    await expose(`/?${key}`);
    await gateway.mail.take(ada.viewer.email, subjects.exposed);
  });

  test('is recorded for each of several keys, and for the former secret of a rotation', async () => {
    const ada = await gateway.person();
    const [first, second] = [
      await createApiKey(gateway, ada.accessToken),
      await createApiKey(gateway, ada.accessToken),
    ];
    await gateway.send(RotateApiKeyDocument, { input: { id: first.id } }, ada.accessToken);
    await expose(`/?a=${mintApiKey('pat').key}&b=${first.key}&c=${second.key}`);
    for (const { id } of [first, second]) expect(await exposures(id)).toHaveLength(1);
  });

  test('is neither recorded nor mailed when it does not work', async () => {
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    await gateway.send(RevokeApiKeyDocument, { input: { id } }, ada.accessToken);
    const before = await auditTrail(gateway.database, 'api_key.exposed');
    await expose(`/${key}`, `/${mintApiKey('pat').key}`, `/${key.slice(0, -6)}000000`);
    expect(await auditTrail(gateway.database, 'api_key.exposed')).toEqual(before);
    expect(await gateway.database.query('select exposure_mailed_at as at from api_keys where id = $1', [id])).toEqual([
      { at: null },
    ]);
  });
});

test('keys in addresses that do not exist do not limit their source', async () => {
  // Any page can make a browser request an address. Maintenance looks at the notes, in the process of the limit.
  const limits = { ...settings(), RATE_LIMITS: 'badKey=3/15m' };
  const limited = await createApp(readConfig(limits), { clock: gateway.clock });
  const client = {
    ipAddress: '192.0.2.1',
    userAgent: null,
    namesLanguage: false,
    claimedPlace: null,
    requestId: 'a request',
    deviceToken: null,
    captchaToken: null,
  };
  try {
    for (let count = 0; count < 10; count += 1) limited.noteExposedKeys(client, `/?${mintApiKey('pat').key}`);
    await limited.writeKeyNotes();
    const ada = await gateway.person();
    const { id, key } = await createApiKey(gateway, ada.accessToken);
    expect(await identifyKey(limited.dependencies(), client, key)).toMatchObject({ apiKeyId: id });
  } finally {
    await limited.close();
  }
});
