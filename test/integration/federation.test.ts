/**
 * Postern in a federated graph: the router of the example (a real Hive Gateway), Postern, and a subgraph that extends
 * User.
 */
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startReviews } from '../../examples/federation/reviews.ts';
import { startRouter } from '../../examples/federation/router.ts';
import { composeSupergraph } from '../../examples/federation/supergraph.ts';
import { createVerifier, type Verifier } from '../../packages/verify/src/verifier.ts';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  bearer,
  newAddress,
  registerUser,
  type SignedIn,
  testSecret,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullRefreshDocument } from '../support/generated/graphql.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';
import { createPair, sign } from '../support/servers/key-server.ts';

const routerSecret = 'shared-by-router-and-subgraphs-alone';
const issuer = 'https://auth.example.com';

let reviews: Awaited<ReturnType<typeof startReviews>>;
let router: Awaited<ReturnType<typeof startRouter>>;
let verify: Verifier;
const postern = useGateway({ ROUTER_SECRET: routerSecret, TRUSTED_PROXIES: '127.0.0.1' });
beforeAll(async () => {
  const jwksUrl = `${postern.url}/.well-known/jwks.json`;
  verify = createVerifier({ issuer, jwksUrl, now: () => postern.clock.now() });
  reviews = await startReviews({ verify, routerSecret, port: 0 });
  const supergraphSdl = await composeSupergraph(subgraphs(), routerSecret);
  router = await startRouter({ supergraphSdl, verify, routerSecret, port: 0 });
});
afterAll(async () => {
  await router?.stop();
  await reviews?.stop();
});

const subgraphs = () => [
  { name: 'postern', url: `${postern.url}/graphql` },
  { name: 'reviews', url: reviews.url },
];

const ask = (query: string, accessToken?: string, headers: Record<string, string> = {}) =>
  answerOf(
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(accessToken && bearer(accessToken)), ...headers },
      body: JSON.stringify({ query }),
    }),
  );
const write = (text: string) => `mutation { writeReview(input: { text: "${text}" }) { review { id } } }`;
const remove = (id: string) => `mutation { removeReview(input: { id: "${id}" }) { removed } }`;

async function refresh({ refreshToken }: SignedIn): Promise<SignedIn> {
  const answer = await postern.send(FullRefreshDocument, { input: { refreshToken } });
  return withRefreshToken(answer.refresh);
}

describe('one query over both subgraphs', () => {
  test('from reviews to the names of their authors, for every caller', async () => {
    const ada = await registerUserWithRole(postern, 'USER', 'Ada');
    expect((await ask(write('Fine.'), ada.accessToken)).errors).toEqual([]);
    const { data, errors } = await ask('{ latestReviews { text author { id displayName } } }');
    expect(errors).toEqual([]);
    expect(data).toEqual({
      latestReviews: [{ text: 'Fine.', author: { id: ada.viewer.id, displayName: 'Ada' } }],
    });
  });

  test('from the viewer to the viewer’s reviews', async () => {
    const grace = await registerUserWithRole(postern, 'USER', 'Grace');
    await ask(write('Mine.'), grace.accessToken);
    const { data } = await ask('{ viewer { email user { displayName reviews { text } } } }', grace.accessToken);
    expect(data).toEqual({
      viewer: { email: grace.email, user: { displayName: 'Grace', reviews: [{ text: 'Mine.' }] } },
    });
  });

  test('a review outlives the account of its author', async () => {
    const gone = await registerUserWithRole(postern, 'USER', 'Gone');
    await ask(write('Farewell.'), gone.accessToken);
    await postern.database.query(`update users set status = 'DELETED' where id = $1`, [gone.viewer.id]);
    const { data } = await ask('{ latestReviews { text author { id displayName } } }');
    expect(data).toMatchObject({
      latestReviews: [{ text: 'Farewell.', author: { id: gone.viewer.id, displayName: null } }, {}, {}],
    });
  });

  test('sign-in and sign-out work through the router', async () => {
    const email = await registerUser(postern, newAddress());
    const login = `mutation { login(input: { email: "${email}", password: "Wander 7 lanterns" }) { ... on AuthSession { accessToken } } }`;
    const signedIn = await ask(login);
    expect(signedIn.data).toMatchObject({ login: { accessToken: expect.any(String) } });
    const wrong = await ask(login.replace('lanterns', 'lamps'));
    expect(errorOf(wrong).extensions.code).toBe('INVALID_CREDENTIALS');
  });
});

describe('an invalid token', () => {
  const mine = '{ viewer { user { reviews { text } } } }';
  const viewer = '{ viewer { id } }';

  test('that has expired makes the client refresh, and the new one is valid', async () => {
    const before = await registerUserWithRole(postern, 'USER', 'Sleepy');
    postern.clock.travel(16 * 60);
    for (const query of [viewer, mine, write('Late.')]) {
      expect(errorOf(await ask(query, before.accessToken)).extensions).toMatchObject({
        code: 'UNAUTHENTICATED',
        reason: 'TOKEN_EXPIRED',
      });
    }
    expect((await ask('{ latestReviews { id } }', before.accessToken)).errors).toEqual([]);
    const after = await refresh(before);
    expect((await ask(mine, after.accessToken)).errors).toEqual([]);
  });

  test('that is forged under a published key id is refused', async () => {
    const { accessToken } = await registerUserWithRole(postern, 'USER', 'Victim');
    const { kid = '' } = decodeProtectedHeader(accessToken);
    const [, claims = ''] = accessToken.split('.');
    const forged = await sign(await createPair(kid), JSON.parse(Buffer.from(claims, 'base64url').toString()));
    for (const query of [viewer, mine, write('Forged.')]) {
      const { extensions } = errorOf(await ask(query, forged));
      expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'TOKEN_INVALID' });
    }
  });

  test('that is missing is refused', async () => {
    for (const query of ['{ viewer { id user { reviews { text } } } }', write('Nobody.')]) {
      expect(errorOf(await ask(query)).extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'NO_CREDENTIALS' });
    }
    expect((await ask(viewer)).data).toEqual({ viewer: null });
  });

  test('that lacks a scope is refused', async () => {
    const user = await registerUserWithRole(postern, 'USER', 'Plain');
    const moderator = await registerUserWithRole(postern, 'MODERATOR', 'Stern');
    const { data } = await ask(write('Rude.'), user.accessToken);
    const { id } = JSON.parse(JSON.stringify(data)).writeReview.review;
    expect(errorOf(await ask(remove(id), user.accessToken)).extensions.code).toBe('FORBIDDEN');
    expect((await ask(remove(id), moderator.accessToken)).data).toEqual({ removeReview: { removed: true } });
  });

  test('of a GUEST lacks the scope of Postern’s own field: the router refuses before it calls Postern', async () => {
    const guest = await registerUserWithRole(postern, 'GUEST', 'Visitor');
    const answer = await ask('mutation { revokeOtherSessions(input: {}) { revokedCount } }', guest.accessToken);
    // Postern itself would name the permission and the request.
    expect(errorOf(answer).extensions).toEqual({ code: 'FORBIDDEN' });
  });
});

describe('a rotated signing key', () => {
  const apps: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

  test('is followed by router and subgraph: tokens from before and after are valid', async () => {
    const config = readConfig({
      NODE_ENV: 'test',
      PUBLIC_URL: issuer,
      DATABASE_URL: postern.database.url,
      SECRET: testSecret,
    });
    const app = await createApp(config, { clock: postern.clock });
    apps.push(app);
    const session = await registerUserWithRole(postern, 'USER', 'Rota');
    postern.clock.travel(10 * 60);
    const before = await refresh(session);
    const rotation = await app.signingKeys.rotate();
    expect(rotation.rotated).toBe(true);
    // An instance uses the keys it has read for up to a minute.
    postern.clock.travel(61);
    const after = await refresh(before);
    expect(decodeProtectedHeader(after.accessToken).kid).not.toBe(decodeProtectedHeader(before.accessToken).kid);
    for (const { accessToken } of [before, after, before]) {
      expect((await ask(write('Rotated.'), accessToken)).errors).toEqual([]);
    }
  });
});

describe('beside the router', () => {
  test('the subgraphs return users to the router only', async () => {
    const query = '{ _service { sdl } }';
    for (const { url } of subgraphs()) {
      const answer = await answerOf(
        fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        }),
      );
      expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
    }
  });

  test('the fields of federation cannot be queried through the router', async () => {
    for (const field of ['_service { sdl }', '_entities(representations: []) { __typename }']) {
      const { errors, data } = await ask(`{ ${field} }`, undefined, { 'router-authorization': routerSecret });
      expect(errors).not.toEqual([]);
      expect(data ?? null).toBeNull();
    }
  });

  test('Apollo composes the example as well', async () => {
    const services = await Promise.all(
      subgraphs().map(async ({ name, url }) => {
        const headers = { 'content-type': 'application/json', 'router-authorization': routerSecret };
        const response = await fetch(url, { method: 'POST', headers, body: '{"query":"{ _service { sdl } }"}' });
        const { data } = await response.json();
        return { name, url, typeDefs: parse(data._service.sdl) };
      }),
    );
    expect(composeServices(services).errors).toBeUndefined();
  });
});
