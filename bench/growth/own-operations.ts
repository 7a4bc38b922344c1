/** The operations of signed-in users on their own accounts, and those before a sign-in. */
import type { Sent } from '../cost/load.ts';
import { operations, password, type Tokens } from '../cost/users.ts';
import { assertContains, assertData, graphql, type Operation, operation } from './operation.ts';
import { generatedAddress } from './rows.ts';

const exportDocument = 'mutation { exportMyData(input: {}) { data } }';
const resetDocument =
  'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }';

/** @param sessions take turns; refreshing replaces their tokens */
export function ownOperations(sessions: Tokens[], nextUser: () => number): Operation[] {
  return [...sessionOperations(sessions, nextUser), ...mailOperations(nextUser), ...ownLists(sessions)];
}

function sessionOperations(sessions: Tokens[], nextUser: () => number): Operation[] {
  const ended: string[] = [];
  let refreshed = 0;
  return [
    operation('viewer', turns(sessions, operations.viewer)),
    {
      ...operation('refresh', () => {
        const { refreshToken = '' } = sessions[refreshed % sessions.length] ?? {};
        return graphql(operations.refresh, { input: { refreshToken } });
      }),
      check(answer) {
        assertData(answer);
        sessions[refreshed % sessions.length] = JSON.parse(answer.text).data.refresh;
        refreshed += 1;
      },
    },
    {
      ...operation(
        'login',
        () => graphql(operations.login, { input: { email: generatedAddress(nextUser()), password } }),
        10,
      ),
      check(answer) {
        assertData(answer);
        ended.push(JSON.parse(answer.text).data.login.accessToken);
      },
    },
    operation(
      'logout',
      () => graphql('mutation { logout(input: {}) { __typename } }', {}, { accessToken: ended.pop() ?? '' }),
      10,
    ),
  ];
}

function mailOperations(nextUser: () => number): Operation[] {
  let registered = 0;
  const register = () =>
    graphql(operations.register, { input: { email: `new-${registered++}@example.com`, password } });
  return [
    operation('register', register, 10),
    {
      ...operation('verifyEmail, unknown token', () =>
        graphql(operations.verify, { input: { token: 'A'.repeat(43) } }),
      ),
      check: ({ text }) => assertContains(text, '"errors"'),
    },
    operation('requestPasswordReset', () => graphql(resetDocument, { input: { email: generatedAddress(nextUser()) } })),
  ];
}

function ownLists(sessions: Tokens[]): Operation[] {
  return [
    operation('viewer.sessions', turns(sessions, '{ viewer { sessions { totalCount nodes { id lastUsedAt } } } }')),
    operation(
      'viewer.securityEvents',
      turns(sessions, '{ viewer { securityEvents { totalCount nodes { id action } } } }'),
    ),
    operation('exportMyData', turns(sessions, exportDocument)),
  ];
}

function turns(sessions: Tokens[], document: string): () => Sent {
  let next = 0;
  return () => graphql(document, {}, sessions[next++ % sessions.length]);
}
