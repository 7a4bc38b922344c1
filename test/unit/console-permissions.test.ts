/** What the console reads in an access token before the gateway has answered. */
import { expect, test } from 'vitest';
import { permissionsIn } from '../../packages/console/src/session/permissions-in.ts';

const tokenOf = (payload: unknown) => `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.signature`;

test('reads the permissions of the scope, beside claims in any script', () => {
  expect(permissionsIn(tokenOf({ scope: 'users:read audit:read', ext: { team: '\u{1F510}ÿ~?>' } }))).toEqual([
    'users:read',
    'audit:read',
  ]);
});

test.each(['', 'no token', 'a.b', `e30.${btoa('[]')}.s`, `e30.${btoa('null')}.s`, tokenOf({ scope: 7 }), tokenOf({})])(
  'reads nothing in %j',
  (token) => {
    expect(permissionsIn(token)).toEqual([]);
  },
);
