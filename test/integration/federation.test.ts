/**
 * Postern in a federated graph: the gateway of the example (@postern/gateway with a real Hive Gateway), Postern, and a
 * subgraph that extends User.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startReviews } from '../../examples/federation/reviews.ts';
import { composeSupergraph } from '../../examples/federation/supergraph.ts';
import { createPosternGateway, type PosternGateway } from '../../packages/gateway/src/gateway.ts';
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
import { until } from '../support/races/until.ts';
import { createPair, sign } from '../support/servers/key-server.ts';

const routerSecret = 'shared-by-router-and-subgraphs-alone';
const issuer = 'https://auth.example.com';

let reviews: Awaited<ReturnType<typeof startReviews>>;
let gateway: PosternGateway;
let graph: string;
let folder: string;
let verify: Verifier;
const received: IncomingHttpHeaders[] = [];
const postern = useGateway({ ROUTER_SECRET: routerSecret, TRUSTED_PROXIES: '127.0.0.1' });
beforeAll(async () => {
  const jwksUrl = `${postern.url}/.well-known/jwks.json`;
  const now = () => postern.clock.now();
  verify = createVerifier({ issuer, jwksUrl, tokens: 'identity', audience: 'reviews', now });
  reviews = await startReviews({ verify, port: 0, onRequest: (headers) => received.push(headers) });
  folder = await mkdtemp(join(tmpdir(), 'postern-federation-'));
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, await composeSupergraph(subgraphs(), routerSecret));
  gateway = await createPosternGateway({ issuer, posternUrl: postern.url, routerSecret, supergraph, port: 0, now });
  graph = await gateway.listen();
});
afterAll(async () => {
  await gateway?.close();
  await reviews?.stop();
  if (folder) await rm(folder, { recursive: true });
});

const subgraphs = () => [
  { name: 'accounts', url: `${postern.url}/graphql` },
  { name: 'reviews', url: reviews.url },
];

const ask = (query: string, accessToken?: string, headers: Record<string, string> = {}) =>
  answerOf(
    fetch(graph, {
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

  test('sign-in works through the gateway', async () => {
    const email = await registerUser(postern, newAddress());
    const login = `mutation { login(input: { email: "${email}", password: "Wander 7 lanterns" }) { ... on AuthSession { accessToken } } }`;
    const signedIn = await ask(login);
    expect(signedIn.data).toMatchObject({ login: { accessToken: expect.any(String) } });
    const wrong = await ask(login.replace('lanterns', 'lamps'));
    expect(errorOf(wrong).extensions.code).toBe('INVALID_CREDENTIALS');
  });
});

/** Gateway and Postern agree. */
async function expectUnauthenticated(query: string, token: string | undefined, reason: string): Promise<void> {
  const { errors } = await ask(query, token);
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason });
}

describe('an invalid token', () => {
  const mine = '{ viewer { user { reviews { text } } } }';
  const viewer = '{ viewer { id } }';

  test('that has expired makes the client refresh, and the new one is valid', async () => {
    const before = await registerUserWithRole(postern, 'USER', 'Sleepy');
    postern.clock.travel(16 * 60);
    for (const query of [viewer, mine, write('Late.')]) {
      await expectUnauthenticated(query, before.accessToken, 'TOKEN_EXPIRED');
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
      await expectUnauthenticated(query, forged, 'TOKEN_INVALID');
    }
  });

  test('that is missing is refused', async () => {
    for (const query of ['{ viewer { id user { reviews { text } } } }', write('Nobody.')]) {
      await expectUnauthenticated(query, undefined, 'NO_CREDENTIALS');
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

  test('of a GUEST lacks the scope of Postern’s own mutation: Postern decides', async () => {
    const guest = await registerUserWithRole(postern, 'GUEST', 'Visitor');
    const answer = await ask('mutation { revokeOtherSessions(input: {}) { revokedCount } }', guest.accessToken);
    expect(errorOf(answer).extensions).toMatchObject({ code: 'FORBIDDEN', requestId: expect.any(String) });
  });

  test('that has expired does not stop a refresh', async () => {
    const session = await registerUserWithRole(postern, 'USER', 'Refresher');
    postern.clock.travel(16 * 60);
    const refreshing = `mutation { refresh(input: { refreshToken: "${session.refreshToken}" }) { accessToken } }`;
    const { data, errors } = await ask(refreshing, session.accessToken);
    expect([errors, data]).toEqual([[], { refresh: { accessToken: expect.any(String) } }]);
  });

  test('of an ended session is refused by the gateway', async () => {
    const session = await registerUserWithRole(postern, 'USER', 'Leaver');
    expect((await ask(write('Before.'), session.accessToken)).errors).toEqual([]);
    await ask('mutation { logout(input: {}) { __typename } }', session.accessToken);
    const refused = async () => (await ask(write('After.'), session.accessToken)).errors[0];
    const { extensions } = await until('the refusal', refused, 3000);
    expect(extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'SESSION_REVOKED' });
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

describe('beside the gateway', () => {
  test('Postern returns its schema to the gateway only', async () => {
    const answer = await answerOf(
      fetch(`${postern.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ _service { sdl } }' }),
      }),
    );
    expect(answer.errors[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('an identity token of a subgraph is no credential of Postern, of the gateway or of another subgraph', async () => {
    const { accessToken } = await registerUserWithRole(postern, 'USER', 'Replayed');
    received.splice(0);
    await ask(write('Identity.'), accessToken);
    const headers = received[0] ?? {};
    const identity = String(headers['x-postern-identity']);
    expect(decodeJwt(identity).aud).toBe('reviews');
    expect(headers).not.toHaveProperty('authorization');
    await expectUnauthenticated(write('Replay.'), identity, 'TOKEN_INVALID');
    for (const path of ['/graphql', '/auth/verify']) {
      const body = path === '/graphql' && JSON.stringify({ query: 'mutation { logout(input: {}) { __typename } }' });
      const { text } = await answerOf(
        fetch(postern.url + path, {
          method: body ? 'POST' : 'GET',
          headers: { ...bearer(identity), ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body }),
        }),
      );
      expect(text).toContain('UNAUTHENTICATED');
    }
    const products = createVerifier({
      issuer,
      jwksUrl: `${postern.url}/.well-known/jwks.json`,
      tokens: 'identity',
      audience: 'products',
      now: () => postern.clock.now(),
    });
    expect((await products(identity)).problem).toBe('TOKEN_INVALID');
  });

  test('the fields of federation cannot be queried through the gateway', async () => {
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
