/** The lists, the counts and the metrics of administrators. */
import type { Tokens } from '../cost/users.ts';
import { ago, graphql, type Operation, operation } from './operation.ts';
import { generatedAddress } from './rows.ts';

/** Values of an entry of the generated trail. */
export interface Sample {
  actorId: string;
  targetId: string;
  ipAddress: string;
}

export function administrationOperations(admin: Tokens, sample: Sample): Operation[] {
  return [...userLists(admin), ...auditLists(admin, sample), ...metrics(admin)];
}

/** A page and a count of a connection, each with a filter. */
function listing(
  admin: Tokens,
  name: string,
  { field, filter, nodes }: { field: string; filter: string; nodes: string },
) {
  const page = `query ($where: ${filter}) { ${field}(where: $where) { nodes { ${nodes} } } }`;
  const count = `query ($where: ${filter}) { ${field}(first: 1, where: $where) { totalCount } }`;
  return {
    list: (what: string, where: object) => operation(`${name}: ${what}`, () => graphql(page, { where }, admin)),
    count: (what: string, where: object) =>
      operation(`${name}: totalCount, ${what}`, () => graphql(count, { where }, admin)),
  };
}

function userLists(admin: Tokens): Operation[] {
  const nodes = 'id email displayName status lastLoginAt';
  const { list, count } = listing(admin, 'users', { field: 'users', filter: 'UserFilter', nodes });
  const sorted = (what: string, field: string, direction: string) =>
    operation(`users: ${what}`, () =>
      graphql(
        `query ($orderBy: UserOrder) { users(orderBy: $orderBy) { nodes { ${nodes} } } }`,
        { orderBy: { field, direction } },
        admin,
      ),
    );
  return [
    list('all', {}),
    sorted('by address', 'EMAIL', 'ASC'),
    sorted('by last sign-in', 'LAST_LOGIN_AT', 'DESC'),
    list('one address', { email: generatedAddress(777) }),
    list('addresses that begin with u', { email: 'u' }),
    list('a common name', { name: 'ada lovel' }),
    list('a rare name', { name: 'zephyrine' }),
    list('role MODERATOR', { role: 'MODERATOR' }),
    list('suspended', { status: 'SUSPENDED' }),
    list('with a factor', { mfaEnabled: true }),
    list('created before', { createdBefore: ago(0.5) }),
    list('signed in since', { lastLoginFrom: ago(0.5) }),
    count('all', {}),
    count('active', { status: 'ACTIVE' }),
    count('suspended', { status: 'SUSPENDED' }),
    count('with a factor', { mfaEnabled: true }),
    count('a common name', { name: 'ada' }),
    operation('user with sessions and entries', () => graphql(usersWithLists, {}, admin)),
  ];
}

const usersWithLists = `{
  users(first: 5) { nodes { id sessions { totalCount nodes { id } } auditEntries(first: 5) { totalCount nodes { id } } } }
}`;

function auditLists(admin: Tokens, { actorId, targetId, ipAddress }: Sample): Operation[] {
  const nodes = 'id action outcome occurredAt hash';
  const { list, count } = listing(admin, 'audit', { field: 'auditEntries', filter: 'AuditFilter', nodes });
  return [
    list('all', {}),
    list('period', { since: ago(100), until: ago(50) }),
    list('common action', { action: 'session.refreshed' }),
    list('rare action', { action: 'account.locked' }),
    list('unused action', { action: 'role.created' }),
    list('failures', { outcome: 'FAILURE' }),
    list('successes', { outcome: 'SUCCESS' }),
    list('denials', { outcome: 'DENIED' }),
    list('actor', { actorId }),
    list('target', { targetId }),
    list('address', { ipAddress }),
    list('action and actor', { action: 'session.refreshed', actorId }),
    list('rare action, other outcome', { action: 'account.locked', outcome: 'SUCCESS' }),
    list('action of a period', { action: 'account.locked', since: ago(100), until: ago(50) }),
    count('all', {}),
    count('common action', { action: 'session.started' }),
    count('failures of a period', { outcome: 'FAILURE', since: ago(100) }),
  ];
}

const overviewDocument = `query ($since: DateTime) {
  securityOverview(since: $since) {
    activeSessions lockedAccounts pendingRegistrations total { signIns signInFailures } activity { signIns }
    mfa { users enabled } mailQueue { pending deadLetters }
  }
}`;

function metrics(admin: Tokens): Operation[] {
  const integrity = graphql('{ auditIntegrity { whole checked waiting } }', {}, admin);
  const overview = (since: string | null) => graphql(overviewDocument, { since }, admin);
  return [
    operation('auditIntegrity', () => integrity, 2),
    operation('securityOverview, a day', () => overview(null)),
    operation('securityOverview, 30 days', () => overview(ago(30))),
  ];
}
