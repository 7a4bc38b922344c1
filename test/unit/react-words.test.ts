/** How the forms of `@postern/react` say when something was, and name devices. */
import { de, en } from '@postern/react';
import { dateText, deviceKindOf, deviceOf, relativeTime } from '@postern/react/ui';
import { describe, expect, test } from 'vitest';

const now = new Date('2026-11-29T14:30:00Z');
const inWords = (at: string, messages = en) =>
  relativeTime(new Date(at), { locale: messages.locale, texts: messages.time, now, timeZone: 'Europe/Berlin' });

describe('An instant in a sentence', () => {
  test.each([
    ['2026-11-29T14:30:00Z', 'now'],
    ['2026-11-29T14:25:30Z', '4 minutes ago'],
    ['2026-11-29T14:50:00Z', 'in 20 minutes'],
    ['2026-11-29T07:41:00Z', 'today at 08:41'],
    ['2026-11-28T20:30:00Z', 'yesterday at 21:30'],
    ['2026-11-29T23:30:00Z', 'tomorrow at 00:30'],
    ['2026-11-02T12:00:00Z', 'on 2 November'],
    ['2025-05-12T12:00:00Z', 'on 12 May 2025'],
  ])('%s is "%s"', (at, words) => {
    expect(inWords(at)).toBe(words);
  });

  test('German has its own words', () => {
    expect(inWords('2026-11-29T07:41:00Z', de)).toBe('heute um 08:41');
    expect(inWords('2026-11-02T12:00:00Z', de)).toBe('am 2. November');
  });

  test('a date has its year only when it is another year', () => {
    expect(dateText(new Date('2026-05-12'), { locale: 'en-GB', now, timeZone: 'UTC' })).toBe('12 May');
    expect(dateText(new Date('2025-05-12'), { locale: 'en-GB', now, timeZone: 'UTC' })).toBe('12 May 2025');
  });
});

describe('A device', () => {
  const iPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1';

  test('is named by browser and system', () => {
    expect(deviceOf(iPhone, 'on')).toBe('Safari on iPhone');
    expect(deviceKindOf(iPhone)).toBe('phone');
  });

  test('that says nothing known has no name', () => {
    expect(deviceOf('x'.repeat(10_000), 'on')).toBeNull();
    expect(deviceKindOf('')).toBe('computer');
  });
});
