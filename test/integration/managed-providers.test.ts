/** Providers that administrators add: every change takes effect on the next request of every instance. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goodPassword, newAddress, refusal, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import {
  CreateFederatedProviderDocument,
  type CreateFederatedProviderInput,
  DeleteFederatedProviderDocument,
  FederatedProvidersDocument,
  FinishFederatedSignUpDocument,
  IdentitiesDocument,
  LinkIdentityDocument,
  ManagedFederatedProvidersDocument,
  SetPasswordDocument,
  SignInMethodsDocument,
  TestFederatedProviderDocument,
  UnlinkIdentityDocument,
  UpdateFederatedProviderDocument,
  type UpdateFederatedProviderInput,
  VerifyEmailDocument,
  VerifyMfaDocument,
} from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { auditTrail } from '../support/people/audit.ts';
import { enrol } from '../support/people/authenticator.ts';
import {
  begin,
  callBack,
  complete,
  obtainCode,
  type ProvidersFile,
  returnTo,
  writeProviders,
} from '../support/people/federated.ts';
import {
  createUserWithRole,
  lockoutAndVerificationOff,
  type UserWithRole,
} from '../support/people/users-with-roles.ts';
import { atOnce, codesOf, outcomeOf, valuesOf } from '../support/races/at-once.ts';
import { raceBehindLock } from '../support/races/row-lock.ts';
import { type FakeProvider, startFakeProvider } from '../support/servers/fake-provider.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/servers/identity-provider.ts';

let company: IdentityProvider;
let fixed: FakeProvider;
let file: ProvidersFile;
let gateway: TestGateway;
let other: TestGateway;
let admin: UserWithRole;

beforeAll(async () => {
  company = await startIdentityProvider('https://auth.example.com/auth/callback/company');
  fixed = await startFakeProvider();
  file = await writeProviders([
    {
      slug: 'fixed',
      kind: 'OIDC',
      displayName: 'Fixed',
      issuer: fixed.url,
      clientId: 'id',
      clientSecret: 'of-the-file',
    },
  ]);
  const settings = { ...lockoutAndVerificationOff, RETURN_URLS: returnTo, FEDERATED_PROVIDERS: file.path };
  gateway = await startTestGateway(settings);
  other = await startTestGateway(settings, gateway);
  admin = await createUserWithRole(gateway, 'SUPER_ADMIN');
});
afterAll(async () => {
  await other.stop();
  await gateway.stop();
  await file.remove();
  await fixed.stop();
  await company.stop();
});

const entry = (more: Partial<CreateFederatedProviderInput> = {}): CreateFederatedProviderInput => ({
  ...{ slug: 'company', kind: 'OIDC', displayName: 'Company', issuer: company.issuer },
  ...{ clientId: company.clientId, clientSecret: company.clientSecret, policy: { trustsEmail: true } },
  ...more,
});
const create = async (input: CreateFederatedProviderInput, by = admin.accessToken) =>
  (await gateway.send(CreateFederatedProviderDocument, { input }, by)).createFederatedProvider.provider;
const update = async (input: UpdateFederatedProviderInput) =>
  (await gateway.send(UpdateFederatedProviderDocument, { input }, admin.accessToken)).updateFederatedProvider.provider;
const remove = async (id: string) =>
  (await gateway.send(DeleteFederatedProviderDocument, { input: { id } }, admin.accessToken)).deleteFederatedProvider;
const problemsOf = async (id: string) =>
  (await gateway.send(TestFederatedProviderDocument, { input: { id } }, admin.accessToken)).testFederatedProvider
    .problems;
const managed = async () =>
  (await gateway.send(ManagedFederatedProvidersDocument, {}, admin.accessToken)).managedFederatedProviders;
const offeredBy = async (asked: TestGateway) =>
  (await asked.send(FederatedProvidersDocument, {})).federatedProviders.map(({ slug }) => slug);
const codeOf = async (call: Promise<unknown>) => (await refusal(call)).code;
const fieldsOf = async (call: Promise<unknown>) => (await refusal(call)).extensions.fields;
const problem = (path: string, code: string) => [expect.objectContaining({ path: `input.${path}`, code })];

let serial = 0;
function user(): void {
  serial += 1;
  company.user = { subject: `subject-${serial}`, email: newAddress(), email_verified: true, name: 'Ada Lovelace' };
}

/** A new account with an identity of the company, and no password. */
async function signUp(id: string) {
  user();
  const result = await complete(gateway, await obtainCode(gateway, company, { providerId: id }));
  if (result.__typename !== 'SignUpProposal') throw new Error('no proposal');
  const input = { ticket: result.ticket };
  const { finishFederatedSignUp: session } = await gateway.send(FinishFederatedSignUpDocument, { input });
  if (session.__typename !== 'AuthSession') throw new Error('no session');
  return session;
}

let companyId: string;

/** Links a new identity of the company. */
async function link({ accessToken }: UserWithRole) {
  user();
  const input = await obtainCode(gateway, company, { providerId: companyId, purpose: 'LINK' }, accessToken);
  return (await gateway.send(LinkIdentityDocument, { input }, accessToken)).linkIdentity;
}

const methodsOf = async ({ accessToken }: UserWithRole) =>
  (await gateway.send(SignInMethodsDocument, {}, accessToken)).viewer?.signInMethods;

test('an administrator adds a provider, and users of every instance sign in with it', async () => {
  expect(await offeredBy(other)).toEqual(['fixed']);
  const made = await create(entry());
  companyId = made.provider.id;
  expect(made).toMatchObject({
    enabled: true,
    source: 'DATABASE',
    callbackUrl: 'https://auth.example.com/auth/callback/company',
    settings: { issuer: company.issuer, clientId: company.clientId, hasSecret: true, policy: { linking: 'PROVE' } },
  });
  expect(await offeredBy(other)).toEqual(['fixed', 'company']);
  user();
  const exchange = await obtainCode(other, company, { providerId: companyId });
  expect(await complete(other, exchange)).toMatchObject({ __typename: 'SignUpProposal', missing: [] });
  expect((await auditTrail(gateway.database, 'provider.created')).at(-1)).toMatchObject({
    actorId: admin.id,
    targetType: 'provider',
    targetId: companyId,
    details: {
      slug: 'company',
      fields: ['clientId', 'clientSecret', 'displayName', 'issuer', 'kind', 'policy', 'slug'],
    },
  });
});

test('the client secret is stored sealed, bound to its row, and returned by nothing', async () => {
  const rows = await gateway.database.query<{ id: string; secret: Buffer }>(
    'select id, secret_sealed as secret from federated_providers',
    [],
  );
  const text = JSON.stringify([await gateway.database.query('select * from federated_providers', []), await managed()]);
  expect(Buffer.concat(rows.map(({ secret }) => secret)).toString('latin1')).not.toContain(company.clientSecret);
  const audit = JSON.stringify(await auditTrail(gateway.database));
  for (const place of [text, audit, gateway.logs.join('')]) {
    expect(place).not.toContain(company.clientSecret);
    expect(place).not.toContain('of-the-file');
  }
  const moved = await create(entry({ slug: 'moved', issuer: fixed.url.replace('127.0.0.1', 'localhost') }));
  await gateway.database.query(
    'update federated_providers set secret_sealed = (select secret_sealed from federated_providers where id = $2) where id = $1',
    [moved.provider.id, companyId],
  );
  expect(await problemsOf(moved.provider.id)).toEqual([expect.objectContaining({ code: 'SECRET_UNREADABLE' })]);
  await update({ id: moved.provider.id, clientSecret: 'another' });
  expect(await problemsOf(moved.provider.id)).not.toContainEqual(
    expect.objectContaining({ code: 'SECRET_UNREADABLE' }),
  );
  await remove(moved.provider.id);
});

test('a changed client secret takes effect on the next sign-in of every instance', async () => {
  const reasonAt = async (asked: TestGateway) => {
    user();
    const { authorizationUrl } = await begin(asked, { providerId: companyId });
    return (await callBack(asked, await company.visit(authorizationUrl))).fragment.reason;
  };
  const changed = await update({ id: companyId, clientSecret: 'wrong', displayName: 'The company', policy: null });
  expect(changed).toMatchObject({
    provider: { displayName: 'The company' },
    settings: { policy: { trustsEmail: true } },
  });
  expect((await auditTrail(gateway.database, 'provider.updated')).at(-1)).toMatchObject({
    actorId: admin.id,
    details: { slug: 'company', fields: ['clientSecret', 'displayName'] },
  });
  for (const one of [gateway, other]) expect(await reasonAt(one)).toBe('PROVIDER_REFUSED');
  await update({ id: companyId, clientSecret: company.clientSecret });
  for (const one of [gateway, other]) expect(await reasonAt(one)).toBeUndefined();
  const entries = (await auditTrail(gateway.database, 'provider.updated')).length;
  await update({ id: companyId, displayName: 'The company' });
  expect(await auditTrail(gateway.database, 'provider.updated')).toHaveLength(entries);
});

test('tokens that a provider has stored are removed by the first sign-in after the policy forbids them', async () => {
  await signUp(companyId);
  const isStored = async () =>
    gateway.database.query(
      'select tokens_sealed is not null as stored from identities where provider_id = $1 order by id desc limit 1',
      [companyId],
    );
  const signInAgain = async () => complete(gateway, await obtainCode(gateway, company, { providerId: companyId }));
  await update({ id: companyId, policy: { trustsEmail: true, storeTokens: true } });
  await signInAgain();
  expect(await isStored()).toEqual([{ stored: true }]);
  await update({ id: companyId, policy: { trustsEmail: true } });
  await signInAgain();
  expect(await isStored()).toEqual([{ stored: false }]);
});

describe('a disabled provider', () => {
  test('is offered by no instance, and finishes no sign-in that has begun', async () => {
    user();
    const begun = await begin(other, { providerId: companyId });
    const back = await company.visit(begun.authorizationUrl);
    const exchange = await obtainCode(gateway, company, { providerId: companyId });
    const proposal = await complete(gateway, await obtainCode(gateway, company, { providerId: companyId }));
    if (proposal.__typename !== 'SignUpProposal') throw new Error('no proposal');
    expect(await update({ id: companyId, enabled: false })).toMatchObject({ enabled: false });
    expect(await offeredBy(other)).toEqual(['fixed']);
    expect(await codeOf(begin(other, { providerId: companyId }))).toBe('NOT_FOUND');
    expect(await callBack(other, back)).toMatchObject({ status: 400, location: null });
    expect(await codeOf(complete(other, exchange))).toBe('INVALID_TOKEN');
    const finish = other.send(FinishFederatedSignUpDocument, { input: { ticket: proposal.ticket } });
    expect(await codeOf(finish)).toBe('INVALID_TOKEN');
    await update({ id: companyId, enabled: true });
    expect(await callBack(other, back)).toMatchObject({ status: 303 });
  });

  test('does not finish a sign-in at the second step', async () => {
    const { accessToken, viewer } = await signUp(companyId);
    await gateway.send(SetPasswordDocument, { input: { newPassword: goodPassword } }, accessToken);
    const app = await enrol(gateway, viewer.email);
    const challenge = await complete(gateway, await obtainCode(gateway, company, { providerId: companyId }));
    if (challenge.__typename !== 'MfaChallenge') throw new Error('no challenge');
    await update({ id: companyId, enabled: false });
    const input = { ticket: challenge.ticket, code: app.code(), method: 'TOTP' } as const;
    expect(await refusal(gateway.send(VerifyMfaDocument, { input }))).toMatchObject({
      code: 'FEDERATED_LOGIN_FAILED',
      extensions: { reason: 'NOT_ALLOWED' },
    });
    await update({ id: companyId, enabled: true });
  });

  test('is no way to sign in, and its identities can be unlinked', async () => {
    const person = await createUserWithRole(gateway, 'USER');
    const linkIdentity = await link(person);
    expect(await methodsOf(person)).toEqual(['PASSWORD', 'FEDERATED']);
    await update({ id: companyId, enabled: false });
    expect(await methodsOf(person)).toEqual(['PASSWORD']);
    const listed = await gateway.send(IdentitiesDocument, {}, person.accessToken);
    expect(listed.viewer?.identities).toEqual([expect.objectContaining({ provider: expect.anything() })]);
    const identityId = linkIdentity.viewer.identities[0]?.id ?? '';
    await gateway.send(UnlinkIdentityDocument, { input: { identityId } }, person.accessToken);
    expect((await auditTrail(gateway.database, 'identity.unlinked')).at(-1)?.details).toEqual({ provider: 'company' });
    await update({ id: companyId, enabled: true });
  });
});

describe('the slug and the issuer', () => {
  test('of another provider are refused, in the database and in the file', async () => {
    const issuer = 'http://127.0.0.1:9';
    expect(await codeOf(create(entry({ issuer })))).toBe('CONFLICT');
    expect(await codeOf(create(entry({ slug: 'twin' })))).toBe('CONFLICT');
    expect(await codeOf(create(entry({ slug: 'fixed', issuer })))).toBe('CONFLICT');
    expect(await codeOf(create(entry({ slug: 'twin', issuer: fixed.url })))).toBe('CONFLICT');
  });

  test('are given to one of two administrators at the same time', async () => {
    const issuer = 'http://127.0.0.1:9';
    const results = await atOnce(4, (caller) => create(entry({ slug: `race-${caller}`, issuer })));
    expect([valuesOf(results).length, codesOf(results)]).toEqual([1, { CONFLICT: 3 }]);
    await remove(valuesOf(results)[0]?.provider.id ?? '');
  });
});

describe('the file', () => {
  test('replaces a provider with its slug or its issuer', async () => {
    const twin = await startFakeProvider();
    const wins = await writeProviders([
      { slug: 'company', kind: 'OIDC', displayName: 'Wins', issuer: twin.url, clientId: 'id', clientSecret: 'x' },
      { slug: 'renamed', kind: 'OIDC', displayName: 'Wins', issuer: fixed.url, clientId: 'id', clientSecret: 'x' },
    ]);
    const hidden = await startTestGateway(
      { ...lockoutAndVerificationOff, RETURN_URLS: returnTo, FEDERATED_PROVIDERS: wins.path },
      gateway,
    );
    const person = await createUserWithRole(gateway, 'USER');
    await link(person);
    // A row that an administrator made before the file named its issuer.
    await gateway.database.query('update federated_providers set issuer = $1 where id = $2', [fixed.url, companyId]);
    expect(await offeredBy(hidden)).toEqual(['company', 'renamed']);
    const { managedFederatedProviders: shown } = await hidden.send(
      ManagedFederatedProvidersDocument,
      {},
      admin.accessToken,
    );
    expect(shown.map(({ provider, source }) => [provider.displayName, source])).toEqual([
      ['Wins', 'FILE'],
      ['Wins', 'FILE'],
    ]);
    for (const providerId of [companyId, companyId.toUpperCase()]) {
      const { authorizationUrl } = await begin(hidden, { providerId });
      expect(new URL(authorizationUrl).origin).toBe(twin.url);
    }
    // The file of this gateway has the issuer under another slug.
    expect(await offeredBy(gateway)).toEqual(['fixed']);
    expect(await codeOf(begin(gateway, { providerId: companyId }))).toBe('NOT_FOUND');
    expect(await problemsOf(companyId)).toEqual([expect.objectContaining({ code: 'ISSUER_IN_FILE' })]);
    expect(await methodsOf(person)).toEqual(['PASSWORD']);
    await gateway.database.query('update federated_providers set issuer = $1 where id = $2', [
      company.issuer,
      companyId,
    ]);
    await hidden.end();
    await wins.remove();
    await twin.stop();
  });

  test('is read-only', async () => {
    const { provider, source } = (await managed())[0] ?? {};
    expect([provider?.slug, source]).toEqual(['fixed', 'FILE']);
    const id = provider?.id ?? '';
    expect(await codeOf(update({ id, enabled: false }))).toBe('CONFLICT');
    expect(await codeOf(update({ id: id.toUpperCase(), enabled: false }))).toBe('CONFLICT');
    expect(await codeOf(remove(id))).toBe('CONFLICT');
    expect(await problemsOf(id)).toEqual([]);
  });
});

describe('a provider with identities', () => {
  test('cannot be deleted; without them it can', async () => {
    const session = await signUp(companyId);
    expect(await codeOf(remove(companyId))).toBe('CONFLICT');
    const { viewer } = await gateway.send(IdentitiesDocument, {}, session.accessToken);
    expect(viewer?.identities).toHaveLength(1);
    await gateway.database.query('delete from identities where provider_id = $1', [companyId]);
    await remove(companyId);
    expect(await offeredBy(other)).toEqual(['fixed']);
    expect((await auditTrail(gateway.database, 'provider.deleted')).at(-1)).toMatchObject({
      actorId: admin.id,
      targetId: companyId,
      details: { slug: 'company', fields: [] },
    });
    expect(await codeOf(remove(companyId))).toBe('NOT_FOUND');
    expect(await codeOf(update({ id: companyId, enabled: true }))).toBe('NOT_FOUND');
    await create(entry());
  });

  test('is either linked or deleted, of two callers at the same time', async () => {
    for (let round = 0; round < 3; round += 1) {
      const person = await createUserWithRole(gateway, 'USER');
      user();
      const asked = { providerId: companyId, purpose: 'LINK' } as const;
      const input = await obtainCode(gateway, company, asked, person.accessToken);
      const [linked, deleted] = await raceBehindLock(
        gateway.database,
        { text: 'select from federated_providers where id = $1 for update', values: [companyId], waiting: 2 },
        () =>
          Promise.all([
            outcomeOf(gateway.send(LinkIdentityDocument, { input }, person.accessToken)),
            outcomeOf(remove(companyId)),
          ]),
      );
      expect([linked, deleted].filter(({ error }) => error === null)).toHaveLength(1);
      await gateway.database.query('delete from identities where provider_id = $1', [companyId]);
      if (deleted.error === null) await create(entry());
    }
  });

  test('that is deleted before an address is confirmed is not linked by the confirmation', async () => {
    const strict = await startTestGateway(
      { RETURN_URLS: returnTo, FEDERATED_PROVIDERS: file.path, RATE_LIMIT_ALLOWLIST: '127.0.0.0/8' },
      gateway,
    );
    user();
    company.user = { ...company.user, email_verified: false };
    const result = await complete(strict, await obtainCode(strict, company, { providerId: companyId }));
    if (result.__typename !== 'SignUpProposal') throw new Error('no proposal');
    const email = newAddress();
    await strict.send(FinishFederatedSignUpDocument, { input: { ticket: result.ticket, email } });
    const token = tokenIn(await strict.mail.take(email, 'Confirm your e-mail address'));
    await remove(companyId);
    await strict.send(VerifyEmailDocument, { input: { token } });
    expect(await strict.database.query('select from identities where provider_id = $1', [companyId])).toEqual([]);
    await create(entry());
    await strict.end();
  });
});

describe('a provider that is not valid', () => {
  test.each<[string, Partial<CreateFederatedProviderInput>, string, string]>([
    ['slug', { slug: 'Company' }, 'slug', 'INVALID'],
    ['slug of 33 characters', { slug: 'x'.repeat(33) }, 'slug', 'INVALID'],
    ['name', { displayName: ' ' }, 'displayName', 'REQUIRED'],
    ['issuer', { issuer: null }, 'issuer', 'REQUIRED'],
    ['issuer without a scheme', { issuer: 'id.example.com' }, 'issuer', 'INVALID'],
    ['issuer in a private network', { issuer: 'https://10.0.0.1' }, 'issuer', 'ADDRESS_REFUSED'],
    ['script as an icon', { iconUrl: 'javascript:alert(1)' }, 'iconUrl', 'INVALID'],
    ['Apple client without a key', { kind: 'APPLE' }, 'appleKey', 'REQUIRED'],
    ['OAuth 2.0 provider without endpoints', { kind: 'OAUTH2' }, 'endpoints', 'REQUIRED'],
    [
      'multi-tenant issuer without tenants',
      { kind: 'MICROSOFT', issuer: 'https://login.microsoftonline.com/common/v2.0' },
      ...(['policy.allowedTenants', 'REQUIRED'] as const),
    ],
    ['position', { position: -1 }, 'position', 'OUT_OF_RANGE'],
  ])('(%s) is refused with its field', async (_name, more, path, code) => {
    const input = entry({ slug: 'new', issuer: 'https://id.example.com', ...more });
    expect(await fieldsOf(create(input))).toEqual(problem(path, code));
  });

  test('keeps the provider as it was', async () => {
    const change = update({ id: companyId, displayName: ' ', enabled: false });
    expect(await fieldsOf(change)).toEqual(problem('displayName', 'REQUIRED'));
    expect((await managed()).at(-1)).toMatchObject({ enabled: true, provider: { displayName: 'Company' } });
  });

  test('is reported by the test of the provider', async () => {
    const id = (await create(entry({ slug: 'dead', issuer: 'http://127.0.0.1:9' }))).provider.id;
    expect(await problemsOf(id)).toEqual([{ code: 'PROVIDER_UNAVAILABLE', message: expect.any(String) }]);
    const appleKey = { teamId: 'T', keyId: 'K', privateKey: 'x' };
    const apple = {
      slug: 'apple',
      kind: 'APPLE',
      issuer: 'http://127.0.0.1:10',
      clientSecret: null,
      appleKey,
    } as const;
    const broken = (await create(entry(apple))).provider.id;
    expect(await problemsOf(broken)).toEqual([
      { code: 'PROVIDER_REFUSED', message: expect.stringContaining('the private key of appleKey') },
    ]);
    await remove(broken);
    expect(await problemsOf(companyId)).toEqual([]);
    expect(await codeOf(problemsOf('01930000-0000-7000-8000-000000000000'))).toBe('NOT_FOUND');
    expect(await codeOf(problemsOf('x'))).toBe('NOT_FOUND');
    await remove(id);
  });
});

describe('The last test of a provider', () => {
  const codesOf = async (slug: string) =>
    (await managed()).find(({ provider }) => provider.slug === slug)?.lastTest?.problems.map(({ code }) => code);

  test('is listed with the provider, also with one of the file, and is in the audit trail', async () => {
    const { provider } = await create(entry({ slug: 'silent', issuer: 'http://127.0.0.1:9' }));
    expect(await codesOf('silent')).toBeUndefined();
    await problemsOf(provider.id);
    expect(await codesOf('silent')).toEqual(['PROVIDER_UNAVAILABLE']);
    expect((await auditTrail(gateway.database, 'provider.tested')).at(-1)).toMatchObject({
      actorId: admin.id,
      targetId: provider.id,
      details: { slug: 'silent', problems: ['PROVIDER_UNAVAILABLE'] },
    });
    expect((await update({ id: provider.id, displayName: 'Silent' })).lastTest?.problems).toHaveLength(1);
    const fixedId = (await managed()).at(0)?.provider.id ?? '';
    await problemsOf(fixedId.toUpperCase());
    expect(await codesOf('fixed')).toEqual([]);
    await remove(provider.id);
  });

  test('replaces the one before, and ends with the provider', async () => {
    const { provider } = await create(entry({ slug: 'again', issuer: 'http://127.0.0.1:9' }));
    await problemsOf(provider.id);
    await problemsOf(provider.id);
    expect(await codesOf('again')).toEqual(['PROVIDER_UNAVAILABLE']);
    await remove(provider.id);
    await create(entry({ slug: 'again', issuer: 'http://127.0.0.1:9' }));
    expect(await codesOf('again')).toBeUndefined();
    await remove(provider.id);
  });
});

test('providers are changed with the permission and a recent authentication only', async () => {
  const weaker = await createUserWithRole(gateway, 'ADMIN');
  const input = entry({ slug: 'new', issuer: 'https://id.example.com' });
  expect(await codeOf(create(input, weaker.accessToken))).toBe('FORBIDDEN');
  const list = gateway.send(ManagedFederatedProvidersDocument, {}, weaker.accessToken);
  expect(await codeOf(list)).toBe('FORBIDDEN');
  gateway.clock.travel(11 * 60);
  expect(await codeOf(create(input))).toBe('REAUTHENTICATION_REQUIRED');
});
