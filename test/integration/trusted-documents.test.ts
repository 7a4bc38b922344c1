/** TRUSTED_DOCUMENTS: only the operations of the manifest are executed, in every form of request. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { generate } from '@graphql-codegen/cli';
import { getIntrospectionQuery, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { answerOf, errorOf } from '../support/gateway/answer.ts';
import {
  bearer,
  goodPassword,
  lockoutOff,
  registerUser,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { openStream } from '../support/gateway/streams.ts';
import { FullViewerDocument, PasswordPolicyDocument, SessionEventsDocument } from '../support/generated/graphql.ts';

const root = resolve(import.meta.dirname, '../..');
/** Documents that an attacker would send to learn more than the clients ask for. */
const unknown = '{ viewer { email sessions { edges { node { ipAddress } } } } }';

let folder: string;
let manifest: Record<string, string>;
let gateway: TestGateway;
let closed: TestGateway;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-documents-'));
  const file = join(folder, 'persisted-documents.json');
  manifest = await manifestOfClientPreset();
  await writeFile(file, JSON.stringify(manifest));
  const environment = { ...lockoutOff, TRUSTED_DOCUMENTS: file, MFA_REQUIRED_FOR: 'SUPER_ADMIN' };
  gateway = await startTestGateway(environment);
  closed = await startTestGateway({ ...environment, SANDBOX: 'false' }, gateway);
});
afterAll(async () => {
  await closed?.stop();
  await gateway?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** As the build of a client writes it, from the operations of these tests. */
async function manifestOfClientPreset(): Promise<Record<string, string>> {
  const output: unknown = await generate(
    {
      schema: join(root, 'schema/schema.graphql'),
      documents: ['packages/client', 'test/support'].map((folder) => join(root, folder, 'operations/*.graphql')),
      silent: true,
      generates: { [`${folder}/`]: { preset: 'client', presetConfig: { persistedDocuments: true } } },
    },
    false,
  );
  const files = z.array(z.object({ filename: z.string(), content: z.string() })).parse(output);
  const found = files.find(({ filename }) => filename.endsWith('persisted-documents.json'));
  return z.record(z.string(), z.string()).parse(JSON.parse(found?.content ?? ''));
}

/** The id and the text of an operation in the manifest. */
function entryOf(operation: string): { id: string; text: string } {
  const [id, text] = Object.entries(manifest).find(([, document]) => document.includes(operation)) ?? [];
  if (!id || !text) throw new Error(`there is no ${operation} in the manifest`);
  return { id: id.replace(/^sha256:/, ''), text };
}
const policy = () => entryOf('query PasswordPolicy');
const post = (body: unknown, headers = {}, to = gateway) => answerOf(to.post(body, headers));
const get = (parameters: Record<string, string>, to = gateway) =>
  answerOf(
    fetch(`${to.url}/graphql?${new URLSearchParams(parameters)}`, { headers: { 'apollo-require-preflight': '1' } }),
  );
const good = { passwordPolicy: expect.objectContaining({ minLength: 8 }) };

describe('a document of the manifest is answered', () => {
  test('by its hash as documentId, with and without the name of the algorithm', async () => {
    for (const documentId of [policy().id, `sha256:${policy().id}`]) {
      expect(await post({ documentId })).toMatchObject({ status: 200, data: good });
      expect(await get({ documentId })).toMatchObject({ status: 200, data: good });
    }
  });

  test('by its hash as clients of Apollo and urql send it', async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: policy().id }, other: 1 };
    expect(await post({ extensions })).toMatchObject({ status: 200, data: good });
    expect(await post({ extensions, query: policy().text })).toMatchObject({ status: 200, data: good });
    expect(await get({ extensions: JSON.stringify(extensions) })).toMatchObject({ status: 200, data: good });
  });

  test('by its text, in any white space and order', async () => {
    for (const query of [
      policy().text,
      print(PasswordPolicyDocument),
      `# hello\n${policy().text.replace(/\s+/g, '  ')}`,
    ]) {
      expect(await post({ query })).toMatchObject({ status: 200, data: good });
      expect(await get({ query })).toMatchObject({ status: 200, data: good });
    }
  });

  test('with its variables and its name, to every permitted caller', async () => {
    const email = await registerUser(gateway);
    const { id } = entryOf('mutation Login(');
    const answer = await post({
      documentId: id,
      operationName: 'Login',
      variables: { input: { email, password: goodPassword } },
    });
    expect(answer).toMatchObject({ status: 200, data: { login: { accessToken: expect.any(String) } } });
  });

  test('and a mutation never by GET', async () => {
    const variables = JSON.stringify({ input: { email: 'a@example.com', password: 'x' } });
    expect((await get({ documentId: entryOf('mutation Login(').id, variables })).status).toBe(405);
  });
});

describe('every other document is refused, and not echoed', () => {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');

  test.each([
    ['another text', () => ({ query: unknown })],
    ['a text that is not GraphQL', () => ({ query: '{{{' })],
    ['a text of 90 kB', () => ({ query: `{ a }${' '.repeat(90_000)}` })],
    [
      'a text with one more field',
      () => ({ query: policy().text.replace('minLength', 'minLength maxLength zebra: preset') }),
    ],
    ['a known document followed by another', () => ({ query: `${policy().text} query B ${unknown}` })],
    ['another text beside a known hash', () => ({ query: unknown, documentId: policy().id })],
    [
      'another text with its correct hash, as automatic persisted queries register it',
      () => ({ query: unknown, extensions: { persistedQuery: { version: 1, sha256Hash: hash(unknown) } } }),
    ],
    ['an unknown hash', () => ({ documentId: hash(unknown) })],
    ['a hash in upper case', () => ({ documentId: policy().id.toUpperCase() })],
    ['the name of a property of every object', () => ({ documentId: 'constructor' })],
    ['another', () => ({ documentId: '__proto__' })],
    ['an id that is not text', () => ({ documentId: { toString: 'x' } })],
    ['a list of ids', () => ({ documentId: [policy().id] })],
    ['a hash that is not text', () => ({ extensions: { persistedQuery: { sha256Hash: 7 } } })],
    ['malformed extensions', () => ({ extensions: [policy().id] })],
    ['an operation name alone', () => ({ operationName: 'PasswordPolicy' })],
    ['a list of known documents', () => [{ documentId: policy().id }, { documentId: policy().id }]],
    ['nothing', () => ({})],
    ['introspection', () => ({ query: getIntrospectionQuery() })],
    ['a syntax error', () => ({ query: 'query PasswordPolicy { zebra' })],
  ])('%s', async (_what, body) => {
    const answer = await post(body());
    expect(answer.status).toBe(400);
    expect(errorOf(answer)).toMatchObject({
      message: expect.stringMatching(/^This gateway accepts trusted documents only/),
      extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) },
    });
    expect(answer.text).not.toContain('zebra');
  });

  test('by GET as well, and when a known text stands beside another', async () => {
    expect((await get({ query: unknown })).status).toBe(400);
    const two = `query=${encodeURIComponent(policy().text)}&query=${encodeURIComponent(unknown)}`;
    const init = { headers: { 'apollo-require-preflight': '1' } };
    expect((await fetch(`${gateway.url}/graphql?${two}`, init)).status).toBe(400);
    expect((await fetch(`${gateway.url}/graphql?${two.replaceAll('query=', 'documentId=')}`, init)).status).toBe(400);
  });

  test('a known document still needs a preflighted request', async () => {
    const search = new URLSearchParams({ documentId: policy().id });
    expect((await fetch(`${gateway.url}/graphql?${search}`)).status).toBe(400);
  });
});

describe('Sandbox, when it is on,', () => {
  const tokenOf = async (role: string) => {
    const email = await registerUser(gateway);
    await gateway.database.query('update users set role_name = $1 where email = $2', [role, email]);
    return bearer((await signIn(closed, email)).accessToken);
  };

  test('lets an administrator send any document', async () => {
    const answer = await post({ query: unknown }, await tokenOf('ADMIN'));
    expect(answer).toMatchObject({ status: 200, data: { viewer: { email: expect.any(String) } } });
  });

  test.each(['USER', 'MODERATOR', 'GUEST'])('refuses any other caller: %s', async (role) => {
    const headers = await tokenOf(role);
    expect((await post({ query: unknown }, headers)).status).toBe(400);
    expect((await post({ documentId: entryOf('query Viewer').id }, headers)).status).toBe(200);
  });

  test('refuses an administrator that has yet to prove the second factor of the role', async () => {
    expect((await post({ query: unknown }, await tokenOf('SUPER_ADMIN'))).status).toBe(400);
  });

  test('refuses an invalid or revoked token', async () => {
    const headers = await tokenOf('ADMIN');
    expect((await post({ query: unknown }, bearer('x.y.z'))).status).toBe(400);
    gateway.clock.travel(3600);
    expect((await post({ query: unknown }, headers)).status).toBe(400);
  });

  test('is for no caller when it is off', async () => {
    const headers = await tokenOf('ADMIN');
    expect((await post({ query: unknown }, headers, closed)).status).toBe(400);
    const answer = await post({ query: print(FullViewerDocument) }, headers, closed);
    expect(answer).toMatchObject({ status: 200, data: { viewer: { email: expect.any(String) } } });
  });
});

test('a manifest with a document that is not GraphQL stops the start with its name', async () => {
  const file = join(folder, 'broken.json');
  await writeFile(file, JSON.stringify({ ...manifest, 'sha256:abc': '{ zebra' }));
  await expect(startTestGateway({ TRUSTED_DOCUMENTS: file }, gateway)).rejects.toThrow(
    'TRUSTED_DOCUMENTS: the document sha256:abc is no GraphQL that is answered here',
  );
});

test('without TRUSTED_DOCUMENTS every document is answered, and an id is unknown', async () => {
  const open = await startTestGateway({}, gateway);
  expect((await post({ query: unknown }, {}, open)).status).toBe(200);
  expect((await post({ documentId: policy().id }, {}, open)).status).toBe(400);
  await open.stop();
});

test('streams execute the same documents, by their text and by their id', async () => {
  const { accessToken } = await signIn(gateway, await registerUser(gateway));
  const query = print(SessionEventsDocument);
  const [documentId] = Object.entries(manifest).find(([, text]) => text.includes('sessionEvents')) ?? [];
  for (const body of [{ query }, { documentId }]) {
    const stream = await openStream(closed.url, body, accessToken);
    expect(stream.status).toBe(200);
    stream.close();
  }
  const refused = await openStream(closed.url, { query: 'subscription { securityEvents { action } }' }, accessToken);
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('trusted documents only')]);
});
