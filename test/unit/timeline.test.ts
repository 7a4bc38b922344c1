/** The pure parts of the timeline: sentences, rows, changes and devices. */
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type TimelineAction, timelineActions } from '../../packages/react/src/timeline/actions.ts';
import { diffOf } from '../../packages/react/src/timeline/diff.ts';
import type { TimelineEntry } from '../../packages/react/src/timeline/entry.ts';
import { de } from '../../packages/react/src/timeline/messages/de.ts';
import { en } from '../../packages/react/src/timeline/messages/en.ts';
import { notesOf } from '../../packages/react/src/timeline/notes.ts';
import { daysOf } from '../../packages/react/src/timeline/rows.ts';
import { textOf } from '../../packages/react/src/timeline/sentences/sentence.ts';
import { sentenceOf } from '../../packages/react/src/timeline/sentences/sentence-of.ts';
import { dayTitle, exactTime, zoneOf } from '../../packages/react/src/timeline/times.ts';
import { deviceOf } from '../../packages/react/src/ui/device.ts';
import type { AuditAction } from '../../src/domain/audit/actions.ts';

const ada = { id: '00000000-0000-7000-8000-00000000000a', displayName: 'Ada Lovelace' };
const grace = { id: '00000000-0000-7000-8000-00000000000b', displayName: 'Grace Hopper' };
const at = '2026-11-24T13:05:12.418Z';

function entry(action: string, part: Partial<TimelineEntry> = {}): TimelineEntry {
  return {
    id: '1',
    action,
    outcome: 'SUCCESS',
    occurredAt: at,
    actor: null,
    target: null,
    ipAddress: '192.0.2.14',
    userAgent: null,
    reason: null,
    sessionId: null,
    requestId: 'b7e0c3a9-41d2-4f7e',
    details: {},
    ...part,
  };
}
const user = (of: typeof ada | null) => ({ type: 'user', id: of?.id ?? 'x', user: of });
const said = (of: TimelineEntry, locale: 'en' | 'de' = 'en', viewerId: string | null = null) =>
  textOf(sentenceOf(of, { locale, viewerId, timeZone: 'Europe/Berlin' }));

test('every action of the gateway has a sentence, and no other action', () => {
  expectTypeOf<TimelineAction>().toEqualTypeOf<AuditAction>();
  for (const locale of ['en', 'de'] as const)
    for (const action of timelineActions) {
      for (const target of [null, user(ada), user(null), { type: 'role', id: 'MODERATOR', user: null }]) {
        const text = said(entry(action, { actor: grace, target }), locale);
        expect(text, action).toMatch(/^\p{Lu}|^“|^„/u);
        expect(text, action).not.toMatch(/undefined|null|NaN|\[object/);
      }
    }
});

describe('a sentence', () => {
  const roleChanged = entry('user.role_changed', {
    actor: ada,
    target: user(grace),
    details: { before: { role: 'USER' }, after: { role: 'MODERATOR' } },
  });

  test.each([
    ['Ada Lovelace changed Grace Hopper’s role from USER to MODERATOR', roleChanged],
    ['Ada Lovelace suspended Grace Hopper', entry('user.suspended', { actor: ada, target: user(grace) })],
    [
      'Ada Lovelace tried to change Grace Hopper’s role and was refused: the rank is too low',
      entry('administration.refused', {
        actor: ada,
        target: user(grace),
        details: { attempted: 'user.role_changed', reason: 'rank' },
      }),
    ],
    [
      'Sign-in for Grace Hopper was refused: wrong password',
      entry('login.refused', { target: user(grace), details: { reason: 'wrong_password' } }),
    ],
    [
      'Sign-in was refused: no account has this address',
      entry('login.refused', { details: { reason: 'unknown_address' } }),
    ],
    [
      'Ada Lovelace signed in with a passkey',
      entry('session.started', { actor: ada, details: { methods: ['PASSKEY'] } }),
    ],
    [
      'Ada Lovelace signed in with password and app code',
      entry('session.started', { actor: ada, details: { methods: ['PASSWORD', 'TOTP'] } }),
    ],
    [
      'Ada Lovelace ended a session of Grace Hopper',
      entry('session.ended', {
        actor: ada,
        target: { type: 'session', id: 's', user: grace },
        details: { reason: 'revoked_by_admin' },
      }),
    ],
    [
      'Grace Hopper’s account was locked for unknown devices until 14:14',
      entry('account.locked', { target: user(grace), details: { lockedUntil: '2026-11-24T13:14:00Z' } }),
    ],
    [
      'A used refresh token came back. The session of Grace Hopper was ended',
      entry('token.reuse_detected', { target: { type: 'session', id: 's', user: grace } }),
    ],
    [
      'Ada Lovelace added a passkey',
      entry('mfa.enabled', { actor: ada, target: user(ada), details: { method: 'PASSKEY' } }),
    ],
    [
      'Ada Lovelace changed the role MODERATOR: 1 permission added, 2 removed',
      entry('role.updated', {
        actor: ada,
        target: { type: 'role', id: 'MODERATOR', user: null },
        details: { before: { rank: 60, permissions: ['a', 'b', 'c'] }, after: { rank: 60, permissions: ['a', 'd'] } },
      }),
    ],
    [
      'Ada Lovelace sent Grace Hopper a link to a new password',
      entry('user.link_sent', { actor: ada, target: user(grace), details: { kind: 'password_reset', result: 'sent' } }),
    ],
    [
      'The gateway rotated the signing key',
      entry('signing_key.rotated', { ipAddress: null, requestId: 'schedule', details: { from: 'j', to: 'k' } }),
    ],
    ['Ada Lovelace did later.action', entry('later.action', { actor: ada })],
  ])('%s', (expected, of) => {
    expect(said(of)).toBe(expected);
  });

  test('says "You" of the reader, and "a deleted user" of a purged account', () => {
    expect(said(roleChanged, 'en', ada.id)).toBe('You changed Grace Hopper’s role from USER to MODERATOR');
    expect(said(roleChanged, 'en', grace.id)).toBe('Ada Lovelace changed your role from USER to MODERATOR');
    expect(said({ ...roleChanged, target: user(null) })).toContain('a deleted user’s role');
    expect(said({ ...roleChanged, actor: null, ipAddress: null, sessionId: 's' })).toMatch(/^A deleted user changed/);
  });

  test('agrees in German', () => {
    expect(said(roleChanged, 'de')).toBe('Ada Lovelace hat die Rolle von Grace Hopper von USER zu MODERATOR geändert');
    expect(said(roleChanged, 'de', ada.id)).toBe('Sie haben die Rolle von Grace Hopper von USER zu MODERATOR geändert');
    expect(said(roleChanged, 'de', grace.id)).toBe('Ada Lovelace hat Ihre Rolle von USER zu MODERATOR geändert');
    expect(said(entry('user.suspended', { actor: ada, target: user(null) }), 'de')).toBe(
      'Ada Lovelace hat einen gelöschten Benutzer gesperrt',
    );
  });

  test('keeps markup and control characters of names as text', () => {
    const name = '<b>\u202eEve</b>';
    expect(sentenceOf(entry('user.updated', { actor: { ...ada, displayName: name } }), { locale: 'en' })[0]).toEqual({
      kind: 'name',
      text: name,
    });
  });

  test('survives details of another shape', () => {
    for (const action of timelineActions)
      for (const details of [
        { before: 7, after: 'x', methods: {}, lockedUntil: 'soon' },
        { reason: null, entries: 1 },
      ])
        expect(said(entry(action, { details, target: user(ada) }))).not.toBe('');
  });
});

describe('rows', () => {
  const chain = (hashes: readonly (string | null)[], days = ['24', '24', '24', '24', '24']): TimelineEntry[] =>
    hashes.map((hash, index) =>
      entry('user.updated', {
        id: String(9 - index),
        hash,
        sequence: hash === null ? null : 100 - index,
        occurredAt: `2026-11-${days[index]}T10:00:00Z`,
      }),
    );
  const kinds = (days: ReturnType<typeof daysOf>) => days.map(({ rows }) => rows.map((row) => row.kind));
  const checkpoint = { number: 7, sequence: 98, signedAt: at };

  test('put the newest checkpoint between the last waiting and the first sealed entry', () => {
    const integrity = { checkpoint, problem: null };
    const entries = chain([null, null, 'a', 'b']);
    expect(kinds(daysOf(entries, { integrity }))).toEqual([['entry', 'entry', 'checkpoint', 'entry', 'entry']]);
    expect(kinds(daysOf(entries, { integrity, isFiltered: true }))).toEqual([['entry', 'entry', 'entry', 'entry']]);
    expect(kinds(daysOf(chain(['a', 'b']), { integrity }))).toEqual([['entry', 'entry']]);
  });

  test('name the entry that the check misses, at its place, and mark the one that it names', () => {
    const entries = chain(['a', 'b', 'c', 'd']).filter(({ sequence }) => sequence !== 98);
    const missing = { sequence: 98, entryId: null, message: '' };
    expect(daysOf(entries, { integrity: { checkpoint, problem: missing } })[0]?.rows[2]).toEqual({
      kind: 'missing',
      sequence: 98,
    });
    const changed = { sequence: 99, entryId: '8', message: '' };
    const marked = daysOf(entries, { integrity: { checkpoint, problem: changed } }).flatMap(({ rows }) => rows);
    expect(marked.map((row) => row.kind === 'entry' && row.isBroken)).toEqual([false, true, false]);
  });

  test('are grouped by the days of the zone', () => {
    const entries = ['2026-11-24T23:30:00Z', '2026-11-24T22:30:00Z'].map((occurredAt, index) =>
      entry('user.updated', { id: String(9 - index), occurredAt }),
    );
    expect(daysOf(entries, { timeZone: 'Europe/Berlin' }).map(({ key }) => key)).toEqual(['2026-11-25', '2026-11-24']);
    expect(daysOf(entries, { timeZone: 'UTC' })).toHaveLength(1);
  });
});

test('a change has a line for each value, and lists only what differs', () => {
  expect(diffOf({ before: { role: 'USER' }, after: { role: 'ADMIN' } })).toEqual([
    { field: 'role', before: ['USER'], after: ['ADMIN'], kept: [] },
  ]);
  expect(diffOf({ before: { rank: 1, permissions: ['a', 'b'] }, after: { rank: 1, permissions: ['b', 'c'] } })).toEqual(
    [{ field: 'permissions', before: ['a'], after: ['c'], kept: ['b'] }],
  );
  expect(diffOf({ after: { rank: 4 } })).toEqual([{ field: 'rank', before: [], after: ['4'], kept: [] }]);
  expect(diffOf({ reason: 'x' })).toBeNull();
});

test('notes name reason, address and device', () => {
  const given = entry('session.started', { reason: 'ticket', userAgent: 'curl/8.1', details: { device: 'new' } });
  expect(notesOf(given, en).map(({ text }) => text)).toEqual(['ticket', '192.0.2.14', 'curl', 'new device']);
  expect(notesOf({ ...given, ipAddress: null, reason: null }, de).map(({ text }) => text)).toEqual(['neues Gerät']);
});

test.each([
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0', 'Firefox on macOS'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0', 'Edge on Windows'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Mobile/15E148 Safari/604.1',
    'Safari on iPhone',
  ],
  ['x'.repeat(100_000), null],
])('a device is named by %.40s', (userAgent, expected) => {
  expect(deviceOf(userAgent, 'on')).toBe(expected);
});

test('times are exact, in the zone of the reader', () => {
  const options = { locale: 'en', timeZone: 'Europe/Berlin' } as const;
  expect(exactTime(at, options)).toBe('24 November 2026, 14:05:12.418');
  expect(zoneOf(at, options)).toBe('UTC+1');
  const title = (now: string) => dayTitle(at, en, options, new Date(now));
  expect(title('2026-11-24T20:00:00Z')).toMatch(/^Today, Tuesday,? 24 November 2026$/);
  expect(title('2026-11-25T20:00:00Z')).toMatch(/^Yesterday, /);
  expect(title('2026-11-26T20:00:00Z')).toMatch(/^Tuesday/);
});
