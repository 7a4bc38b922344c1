/** `@postern/client` on a visit to a provider: signing up and in, linking, unlinking, reauthentication. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPosternClient, type PosternClient, PosternError } from '../../packages/client/src/client.ts';
import {
  goodPassword,
  newAddress,
  registerUser,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { callBack, entryOf, type ProvidersFile, returnTo, writeProviders } from '../support/people/federated.ts';
import { type IdentityProvider, startIdentityProvider } from '../support/servers/identity-provider.ts';

let provider: IdentityProvider;
let file: ProvidersFile;
let gateway: TestGateway;
let providerId: string;
beforeAll(async () => {
  provider = await startIdentityProvider('https://auth.example.com/auth/callback/test');
  file = await writeProviders([entryOf(provider)]);
  gateway = await startTestGateway({ FEDERATED_PROVIDERS: file.path, RETURN_URLS: returnTo });
  providerId = (await newClient().federatedProviders())[0]?.id ?? '';
});
afterAll(async () => {
  await gateway.stop();
  await file.remove();
  await provider.stop();
});

const newClient = () => createPosternClient({ url: gateway.url, delivery: 'BEARER' });

let serial = 0;
function user(email: string): void {
  serial += 1;
  provider.user = { subject: `subject-${serial}`, email, email_verified: true, name: 'Ada Lovelace' };
}

/** Follows the visit as a browser. @returns the address of the page that it ends on */
async function visit(begin: (options: { returnTo: string; open: (url: string) => void }) => Promise<void>) {
  let opened = '';
  const open = (url: string) => {
    opened = url;
  };
  await begin({ returnTo, open });
  const { location } = await callBack(gateway, await provider.visit(opened));
  return location ?? '';
}

const signIn = async (client: PosternClient) =>
  client.completeSignIn(await visit((options) => client.signInWith(providerId, options)));

test('signInWith and completeSignIn sign up, and sign in again', async () => {
  const email = newAddress();
  user(email);
  const client = newClient();
  const proposal = await signIn(client);
  if (!proposal || Array.isArray(proposal) || proposal.__typename !== 'SignUpProposal') throw new Error('no proposal');
  expect(await client.finishFederatedSignUp({ ticket: proposal.ticket })).toMatchObject({ viewer: { email } });
  expect(await client.viewer()).toMatchObject({ email });
  const again = newClient();
  expect(await signIn(again)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  expect(await again.identities()).toMatchObject([{ provider: { slug: 'test' }, email }]);
});

test('linkWith links, reauthenticateWith renews, and unlinkIdentity removes', async () => {
  const email = await registerUser(gateway);
  const client = newClient();
  await client.login({ email, password: goodPassword });
  user(newAddress());
  const linked = await client.completeSignIn(await visit((options) => client.linkWith(providerId, options)));
  if (!Array.isArray(linked)) throw new Error('not linked');
  const renewal = await visit((options) => client.reauthenticateWith(providerId, options));
  expect(await client.completeSignIn(renewal)).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
  expect(await client.unlinkIdentity({ identityId: linked[0]?.id ?? '' })).toEqual([]);
});

test('acceptLink signs in with the password of the account', async () => {
  const email = await registerUser(gateway);
  user(email);
  const client = newClient();
  const proposal = await signIn(client);
  if (!proposal || Array.isArray(proposal) || proposal.__typename !== 'LinkProposal') throw new Error('no proposal');
  const accepted = await client.acceptLink({ ticket: proposal.ticket, password: goodPassword });
  expect(accepted).toMatchObject({ __typename: 'AuthSession', viewer: { email } });
});

test('two visits of one client at the same time keep their verifiers apart', async () => {
  user(newAddress());
  const client = newClient();
  const pages = [];
  for (let count = 0; count < 2; count += 1)
    pages.push(await visit((options) => client.signInWith(providerId, options)));
  for (const page of pages.toReversed())
    expect(await client.completeSignIn(page)).toMatchObject({ __typename: 'SignUpProposal' });
});

test('the client distinguishes a page without a sign-in, another device and a failure', async () => {
  user(newAddress());
  const client = newClient();
  expect(await client.completeSignIn(returnTo)).toBeNull();
  const page = await visit((options) => client.signInWith(providerId, options));
  await expect(newClient().completeSignIn(page)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  const { flow } = Object.fromEntries(new URLSearchParams(page.split('#')[1]));
  const failed = `${returnTo}#error=FEDERATED_LOGIN_FAILED&reason=CANCELLED&flow=${flow}`;
  const error = await client.completeSignIn(failed).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(PosternError);
  expect(error).toMatchObject({ code: 'FEDERATED_LOGIN_FAILED', reason: 'CANCELLED' });
});
