/** The times of delivery attempts (mail/retries.ts), and the class of each error (mail/delivery-problem.ts). */
import { describe, expect, test } from 'vitest';
import { problemOf } from '../../src/mail/delivery-problem.ts';
import { type DeliveryProblem, lastUseOf, nextAttemptAt } from '../../src/mail/retries.ts';
import { mailKinds, sampleMail } from '../support/mail/sample-mails.ts';

const createdAt = new Date('2026-03-01T12:00:00.000Z');
const after = (seconds: number) => new Date(createdAt.getTime() + seconds * 1000);
const problem = (nature: DeliveryProblem['nature']): DeliveryProblem => ({ code: 'X', nature });

/** Seconds between attempts until the mail is given up. */
function delays(nature: DeliveryProblem['nature'], lastUseAt: Date | null): number[] {
  const found: number[] = [];
  let now = createdAt;
  for (let attempts = 1; attempts < 2000; attempts += 1) {
    const next = nextAttemptAt({ createdAt, attempts, lastUseAt }, problem(nature), now);
    if (next === null) return found;
    found.push((next.getTime() - now.getTime()) / 1000);
    now = next;
  }
  throw new Error('it is never given up');
}

describe('a mail', () => {
  test('is not retried after a permanent rejection', () => {
    expect(delays('refused', null)).toEqual([]);
  });

  test('is retried after a deferral at growing intervals up to one hour, for three days', () => {
    const found = delays('deferred', null);
    expect(found.slice(0, 10)).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
    expect(found.reduce((sum, delay) => sum + delay)).toBeGreaterThan(3 * 86_400 - 3600);
    expect(found.reduce((sum, delay) => sum + delay)).toBeLessThan(3 * 86_400);
  });

  test('that the gateway cannot create is retried every hour for thirty days', () => {
    const found = delays('internal', null);
    expect(Math.max(...found)).toBe(3600);
    expect(found.reduce((sum, delay) => sum + delay)).toBeGreaterThan(30 * 86_400 - 3600);
  });

  test('with an unreadable time is retried', () => {
    const unreadable = { createdAt: new Date('01.03.2026 12:00'.repeat(2)), attempts: 1, lastUseAt: null };
    expect(nextAttemptAt(unreadable, problem('internal'), createdAt)).toEqual(after(15));
  });

  test('is sent within five minutes after the server returns', () => {
    const found = delays('away', null);
    expect(found.slice(0, 7)).toEqual([15, 30, 60, 120, 240, 300, 300]);
    expect(Math.max(...found)).toBe(300);
  });

  test('is given up when its link would expire before the next attempt', () => {
    const last = delays('away', after(3600)).reduce((sum, delay) => sum + delay);
    expect(last).toBeLessThan(3600);
    expect(last).toBeGreaterThan(3000);
    expect(nextAttemptAt({ createdAt, attempts: 1, lastUseAt: after(15) }, problem('away'), createdAt)).toBeNull();
    expect(nextAttemptAt({ createdAt, attempts: 1, lastUseAt: after(16) }, problem('away'), createdAt)).toEqual(
      after(15),
    );
  });

  test('accepts any number of attempts', () => {
    const row = { createdAt, attempts: 100_000, lastUseAt: null };
    expect(nextAttemptAt(row, problem('away'), createdAt)).toEqual(after(300));
  });
});

test('that only carries a link or a code is given up after its expiry; late notices are sent', () => {
  const withLink = mailKinds.filter((kind) => lastUseOf(sampleMail(kind)) !== null);
  expect(withLink.toSorted()).toEqual([
    'choose_password',
    'email_change_confirm',
    'invitation',
    'password_reset',
    'second_step_code',
    'sign_in_code',
    'verify_email',
  ]);
  expect(lastUseOf(sampleMail('verify_email'))).toEqual(new Date('2026-03-31T12:34:56.789Z'));
  expect(lastUseOf(sampleMail('password_reset'))).toEqual(new Date('2026-03-01T13:34:56.789Z'));
  expect(lastUseOf(sampleMail('invitation'))).toEqual(new Date('2026-03-01T12:34:56.789Z'));
});

describe('a response of the mail server', () => {
  const answer = (code: string, command: string, response?: string) =>
    problemOf(
      Object.assign(new Error(`secret ${response}`), {
        code,
        command,
        ...(response && { response, responseCode: Number(response.slice(0, 3)) }),
      }),
    );

  test.each([
    ['550 5.1.1 no such user', 'EENVELOPE', 'RCPT TO', 'refused'],
    ['550-5.2.1 this mailbox\n550 is disabled', 'EENVELOPE', 'RCPT TO', 'refused'],
    ['553 not an address', 'EENVELOPE', 'RCPT TO', 'refused'],
    ['554 5.6.0 I do not like it', 'EMESSAGE', 'DATA', 'refused'],
    ['552 5.3.4 too big', 'EMESSAGE', 'DATA', 'refused'],
    ['450 4.2.0 greylisted', 'EENVELOPE', 'RCPT TO', 'deferred'],
    ['452 4.2.2 full', 'EENVELOPE', 'RCPT TO', 'deferred'],
    ['451 4.3.0 come again', 'EMESSAGE', 'DATA', 'deferred'],
    // The server refuses the gateway, not the mail: the operator can correct that, so the mail is kept.
    ['554 5.7.1 Relay access denied', 'EENVELOPE', 'RCPT TO', 'away'],
    ['550 relay not permitted', 'EENVELOPE', 'RCPT TO', 'away'],
    ['550-5.7.26 this sender is not authenticated', 'EMESSAGE', 'DATA', 'away'],
    ['530 5.7.0 must issue STARTTLS first', 'EENVELOPE', 'RCPT TO', 'away'],
    ['503 bad sequence', 'EMESSAGE', 'DATA', 'away'],
    ['550 sender unknown', 'EENVELOPE', 'MAIL FROM', 'away'],
    ['535 5.7.8 wrong password', 'EAUTH', 'AUTH PLAIN', 'away'],
    ['421 4.3.2 too many connections', 'ECONNECTION', 'CONN', 'away'],
    ['554 no service here', 'EPROTOCOL', 'CONN', 'away'],
  ])('%s: %s to %s means %s', (response, code, command, nature) => {
    expect(answer(code, command, response)).toEqual({ code: `${code} ${response.slice(0, 3)}`, nature });
  });

  test.each(['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS'])(
    'none (%s) means that the server is down',
    (code) => {
      expect(answer(code, 'CONN')).toEqual({ code, nature: 'away' });
    },
  );

  test('an end by the gateway is not a server error, and an address that fits no envelope is permanent', () => {
    expect(problemOf(Object.assign(new Error('x'), { code: 'EABORT' })).nature).toBe('away');
    expect(answer('EENVELOPE', 'API').nature).toBe('refused');
  });

  test('is classified by its code, never by its text', () => {
    expect(JSON.stringify(answer('EENVELOPE', 'RCPT TO', '550 ada@example.com'))).not.toMatch(/ada|secret/);
    expect(problemOf(new TypeError('secret'))).toEqual({ code: 'TypeError', nature: 'internal' });
    expect(problemOf('secret')).toEqual({ code: 'unknown', nature: 'internal' });
    expect(answer('X'.repeat(100), 'CONN').code).toHaveLength(64);
  });
});
