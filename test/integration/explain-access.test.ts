/** `explainAccess` and `postern explain`: the reasons why an operation is allowed or denied. */
import { beforeAll, expect, test } from 'vitest';
import { lockoutOff, refusal, type SignedIn } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { ExplainAccessDocument, LogoutDocument, SetUserRoleDocument } from '../support/generated/graphql.ts';
import { registerUserWithRole } from '../support/people/users-with-roles.ts';

const gateway = useGateway({ ...lockoutOff, ADMIN_IP_ALLOWLIST: '127.0.0.0/8', MFA_REQUIRED_FOR: 'none' });
let admin: SignedIn;
beforeAll(async () => {
  admin = await registerUserWithRole(gateway, 'ADMIN');
});

interface Question {
  operation: string;
  sessionId?: string;
  targetUserId?: string;
}

async function explain(userId: string, question: Question, by = admin) {
  return (await gateway.send(ExplainAccessDocument, { userId, ...question }, by.accessToken)).explainAccess;
}

test('a missing permission is named', async () => {
  const person = await gateway.person();
  const { operation, allowed, requirements } = await explain(person.viewer.id, { operation: 'suspendUser' });
  expect([operation, allowed]).toEqual(['Mutation.suspendUser', false]);
  expect(requirements).toContainEqual({
    kind: 'PERMISSION',
    met: false,
    required: 'users:moderate or users:write',
    actual: 'the role USER',
  });
  expect(requirements.filter(({ met }) => !met)).toHaveLength(1);
});

test('the answer follows the present state, as the operation does', async () => {
  const owner = await registerUserWithRole(gateway, 'SUPER_ADMIN');
  const person = await gateway.person();
  const { id } = person.viewer;
  expect((await explain(id, { operation: 'Query.users' })).allowed).toBe(false);
  await gateway.send(SetUserRoleDocument, { input: { userId: id, role: 'MODERATOR' } }, owner.accessToken);
  expect((await explain(id, { operation: 'Query.users' })).allowed).toBe(true);
});

test('a session is judged by its own state', async () => {
  const person = await gateway.person();
  const question = { operation: 'setPassword', sessionId: person.session.id };
  expect((await explain(person.viewer.id, question)).allowed).toBe(true);
  await gateway.send(LogoutDocument, { input: {} }, person.accessToken);
  const { allowed, requirements } = await explain(person.viewer.id, question);
  expect(allowed).toBe(false);
  expect(requirements[0]).toEqual({
    kind: 'SIGNED_IN',
    met: false,
    required: 'a signed-in user',
    actual: 'the session was revoked',
  });
});

test('the rank of a target is compared', async () => {
  const moderator = await registerUserWithRole(gateway, 'MODERATOR');
  const question = { operation: 'suspendUser', targetUserId: admin.viewer.id };
  const { allowed, requirements } = await explain(moderator.viewer.id, question);
  expect(allowed).toBe(false);
  expect(requirements).toContainEqual({
    kind: 'RANK',
    met: false,
    required: 'above 80 (ADMIN)',
    actual: '60 (MODERATOR)',
  });
});

test('networks are hidden from administrators below the rank of the user', async () => {
  const owner = await registerUserWithRole(gateway, 'SUPER_ADMIN');
  const question = { operation: 'Query.users', sessionId: owner.session.id };
  const network = async (by: SignedIn) =>
    (await explain(owner.viewer.id, question, by)).requirements.find(({ kind }) => kind === 'NETWORK');
  expect(await network(admin)).toMatchObject({ met: true, required: 'restricted', actual: null });
  expect(await network(owner)).toMatchObject({ met: true, required: '127.0.0.0/8', actual: '127.0.0.1' });
});

test('each question is audited', async () => {
  const person = await gateway.person();
  await explain(person.viewer.id, { operation: 'viewer' });
  const statement = `select actor_id as actor, details from audit_entries where action = 'access.explained' and target_id = $1`;
  expect(await gateway.database.query(statement, [person.viewer.id])).toEqual([
    { actor: admin.viewer.id, details: { operation: 'Query.viewer', allowed: true } },
  ]);
});

test('unknown operations, users and sessions are refused, and callers without the permission', async () => {
  const [person, other] = [await gateway.person(), await gateway.person()];
  const ask = (userId: string, question: Question, by = admin) => refusal(explain(userId, question, by));
  const { id } = person.viewer;
  expect(await ask(id, { operation: 'nothing' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await ask(id, { operation: 'toString' })).toMatchObject({ code: 'BAD_USER_INPUT' });
  expect(await ask('nobody', { operation: 'viewer' })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await ask(id, { operation: 'viewer', sessionId: other.session.id })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await ask(id, { operation: 'viewer' }, person)).toMatchObject({ code: 'FORBIDDEN' });
});
