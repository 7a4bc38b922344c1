/** What the administration console decides without the gateway: actions, filters, charts and words (packages/console). */
import { describe, expect, test } from 'vitest';
import { userSearch } from '../../packages/console/src/data/user-search.ts';
import { localeIn } from '../../packages/console/src/messages/messages.ts';
import { shortDate, shortTime } from '../../packages/console/src/parts/times.ts';
import { barsOf, changeOf, chart, spikeIn, topOf } from '../../packages/console/src/screens/overview/scale.ts';
import { spansOf } from '../../packages/console/src/screens/overview/search.ts';
import { groupOf } from '../../packages/console/src/screens/settings/groups.ts';
import { filterOf, orderOf, usersSearch, variablesOf } from '../../packages/console/src/screens/users/search.ts';
import { publicPathIn } from '../../packages/console/src/session/public-path.ts';
import { initialsOf } from '../../packages/console/src/shell/initials.ts';
import { type Actor, actionsFor, mayGrant, type Target } from '../../packages/console/src/user-actions/rules.ts';
import { permissions, systemRoles } from '../../src/domain/access/permissions.ts';

const now = Date.parse('2026-11-24T13:05:21.000Z');

function actor(name: string, id = 'actor'): Actor {
  const role = systemRoles.find((candidate) => candidate.name === name);
  if (!role) throw new Error(`no role ${name}`);
  return { id, role: { name, rank: role.rank }, permissions: role.permissions };
}

const user: Target = {
  id: 'user',
  status: 'ACTIVE',
  lockedUntil: null,
  role: { rank: 10 },
  mfa: { enabled: true },
};

describe('The actions for a user', () => {
  test.each([
    ['SUPER_ADMIN', ['changeRole', 'suspend', 'sendLink', 'endSessions', 'resetFactors', 'resetRisk', 'delete']],
    ['ADMIN', ['changeRole', 'suspend', 'sendLink', 'endSessions', 'resetFactors', 'resetRisk', 'delete']],
    ['MODERATOR', ['suspend']],
    ['USER', []],
  ])('follow the permissions of %s', (role, actions) => {
    expect(actionsFor(user, actor(role)).actions).toEqual(actions);
  });

  test.each([
    ['suspended', { status: 'SUSPENDED' }, 'reactivate', 'suspend'],
    ['deleted', { status: 'DELETED' }, 'restore', 'delete'],
    ['locked', { lockedUntil: '2026-11-24T14:00:00.000Z' }, 'unlock', 'restore'],
    ['without a second factor', { mfa: { enabled: false } }, 'delete', 'resetFactors'],
  ] as const)('follow the state: %s', (_state, part, offered, missing) => {
    const { actions } = actionsFor({ ...user, ...part }, actor('SUPER_ADMIN'));
    expect(actions).toContain(offered);
    expect(actions).not.toContain(missing);
  });

  test('are absent for a rank that is not below, and the page says why', () => {
    const { rank } = actor('ADMIN').role;
    expect(actionsFor({ ...user, role: { rank } }, actor('ADMIN'))).toEqual({ actions: [], isOutranked: true });
    expect(actionsFor({ ...user, role: { rank } }, actor('SUPER_ADMIN')).isOutranked).toBe(false);
    expect(actionsFor({ ...user, role: { rank } }, actor('USER')).isOutranked).toBe(false);
  });

  test('on the own account are those that the gateway allows', () => {
    const { actions } = actionsFor({ ...user, id: 'me' }, actor('SUPER_ADMIN', 'me'));
    expect(actions).toEqual(['changeRole', 'sendLink', 'endSessions']);
  });

  test('grant only roles of a lower rank with permissions that the administrator has', () => {
    expect(mayGrant(actor('ADMIN'), { rank: 10, permissions: ['users:read'] })).toBe(true);
    expect(mayGrant(actor('ADMIN'), { rank: 10, permissions: ['roles:write'] })).toBe(false);
    expect(mayGrant(actor('ADMIN'), { rank: actor('ADMIN').role.rank, permissions: [] })).toBe(false);
    expect(mayGrant(actor('SUPER_ADMIN'), { rank: 100, permissions })).toBe(true);
  });
});

describe('The search for users', () => {
  test('reads text with an @ as the beginning of an address, other text as a name', () => {
    expect(userSearch(' ada@ ')).toEqual({ email: 'ada@' });
    expect(userSearch('lov ad')).toEqual({ name: 'lov ad' });
    expect(userSearch('  ')).toEqual({});
  });

  test('drops parameters of an address that do not fit', () => {
    const strange = { q: 'x'.repeat(300), status: 'GONE', role: ['USER'], sort: '__proto__', signedIn: 7, after: {} };
    expect(usersSearch(strange)).toEqual({ signedIn: '7' });
  });

  test('makes periods of full minutes, so that the pages of a list belong together', () => {
    expect(filterOf({ signedIn: '7', created: '-90' }, now)).toEqual({
      lastLoginFrom: '2026-11-17T13:05:00.000Z',
      createdBefore: '2026-08-26T13:05:00.000Z',
    });
    expect(filterOf({ factor: 'without', status: 'ACTIVE', role: 'ADMIN' }, now)).toEqual({
      mfaEnabled: false,
      status: 'ACTIVE',
      role: 'ADMIN',
    });
  });

  test('turns pages by cursor, and begins with the last sign-in', () => {
    expect(variablesOf({}, now)).toEqual({
      first: 20,
      where: {},
      orderBy: { field: 'LAST_LOGIN_AT', direction: 'DESC' },
    });
    expect(variablesOf({ before: 'c' }, now)).toMatchObject({ last: 20, before: 'c' });
    expect(orderOf({ sort: 'email', direction: 'asc' })).toEqual({ field: 'EMAIL', direction: 'ASC' });
  });
});

describe('The chart', () => {
  test.each([
    [0, 3],
    [1, 3],
    [4, 6],
    [231, 240],
    [4917, 6000],
  ])('with a highest bar of %i ends at %i', (highest, top) => {
    expect(topOf(highest)).toBe(top);
  });

  test('stacks what signed in on what was refused, inside its measures', () => {
    const [bar] = barsOf([{ signIns: 30, signInFailures: 10 }], 40);
    expect(bar?.refused).toEqual({ y: 180, height: 60 });
    expect(bar?.signedIn).toEqual({ y: 0, height: 178.5 });
    const many = barsOf(Array(48).fill({ signIns: 0, signInFailures: 0 }), 3);
    expect(many.every(({ x, width }) => x >= 0 && x + width <= chart.width)).toBe(true);
  });

  test('compares with the time before, where there was something', () => {
    expect(changeOf(141, 100)).toEqual({ percent: 41 });
    expect(changeOf(5, 0)).toBeNull();
    expect(spansOf('7', now).before).toEqual({ since: '2026-11-10T13:05:21.000Z', until: '2026-11-17T13:05:21.000Z' });
    expect(spansOf('30', now).before).toBeNull();
  });

  test('finds refused sign-ins far above the usual number', () => {
    const quiet = Array.from({ length: 10 }, (_, index) => ({ from: `${index}`, signInFailures: 12 }));
    expect(spikeIn(quiet)).toBeNull();
    expect(spikeIn([...quiet, { from: 'peak', signInFailures: 88 }])).toEqual({ from: 'peak', count: 88, usual: 12 });
    expect(spikeIn([])).toBeNull();
  });
});

describe('Words', () => {
  const zone = { timeZone: 'Europe/Berlin' };
  const at = (text: string) => new Date(text);

  test.each([
    ['2026-11-24T07:41:00.000Z', 'Today, 08:41'],
    ['2026-11-23T18:58:00.000Z', 'Yesterday, 19:58'],
    ['2026-11-22T23:30:00.000Z', 'Yesterday, 00:30'],
    ['2026-11-20T18:58:00.000Z', '20 Nov, 19:58'],
    ['2025-04-30T10:00:00.000Z', '30 Apr 2025'],
  ])('%s is "%s"', (instant, words) => {
    expect(shortTime(at(instant), 'en-GB', new Date(now), zone)).toBe(words);
  });

  test('dates follow the language', () => {
    expect(shortDate(at('2026-04-30T10:00:00.000Z'), 'de', zone)).toBe('30. Apr. 2026');
    expect(shortTime(at('2026-11-24T07:41:00.000Z'), 'de', new Date(now), zone)).toBe('Heute, 08:41');
  });

  test('the language is the first one with texts, as a whole tag', () => {
    expect(localeIn(['fr-FR', 'de-AT', 'en'])).toBe('de-AT');
    expect(localeIn(['fr'])).toBe('en');
    expect(localeIn([])).toBe('en');
    expect(localeIn(['constructor', 'en-GB'])).toBe('en-GB');
  });

  test.each([
    ['Ada Lovelace', 'AL'],
    ['ada@example.com', 'AE'],
    ['Élodie', 'É'],
    ['𝒜da', '𝒜'],
    ['<b>', 'B'],
    ['', ''],
  ])('the initials of %j are %j', (name, initials) => {
    expect(initialsOf(name)).toBe(initials);
  });

  test.each([
    ['/console/users', ''],
    ['/console', ''],
    ['/auth/console/', '/auth'],
    ['/consoles/console/x/console/', '/consoles'],
  ])('the path %s has %j before the console', (path, before) => {
    expect(publicPathIn(path)).toBe(before);
  });

  test.each([
    ['SMTP_URL', 'mail'],
    ['SOFT_DELETE_RETENTION', 'audit'],
    ['TRUSTED_PROXIES', 'server'],
    ['RATE_LIMIT_ALLOWLIST', 'limits'],
    ['A_NEW_SETTING', 'other'],
  ])('the setting %s is in the group %s', (name, group) => {
    expect(groupOf(name)).toBe(group);
  });
});
