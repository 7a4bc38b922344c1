/**
 * The life of a mail: stored in the transaction of its cause, sealed while it waits, sent soon, sent once, then
 * removed.
 */
import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { timeOfId } from '../../src/domain/ids.ts';
import {
  goodPassword,
  newAddress,
  refusal,
  startTestGateway,
  type TestGateway,
  withRefreshToken,
} from '../support/gateway/gateway.ts';
import { bodyOf } from '../support/gateway/operations.ts';
import {
  FullLoginDocument,
  FullRefreshDocument,
  RegisterDocument,
  ResendVerificationEmailDocument,
  VerifyEmailDocument,
} from '../support/generated/graphql.ts';
import { type FailingMailServer, startFailingMailServer } from '../support/mail/failing-mail-server.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent, type OutboxRow, outboxOf } from '../support/mail/mailbox.ts';
import { until } from '../support/races/until.ts';

let server: FailingMailServer;
let gateway: TestGateway;
beforeAll(async () => {
  server = await startFailingMailServer();
  gateway = await startTestGateway({ SMTP_URL: server.url });
});
afterAll(async () => {
  server.stall(false);
  await server.close();
  await gateway.stop();
});

const register = (email: string, displayName?: string) =>
  gateway.send(RegisterDocument, { input: { email, password: goodPassword, ...(displayName && { displayName }) } });
const mailsTo = (address: string) => server.accepted.filter(({ to }) => to.includes(address));
const arrival = (address: string) => until(`a mail to ${address}`, () => mailsTo(address).at(-1));

/** The newest row of the outbox, once it has the expected state. */
function newest(what: string, expected: (row: OutboxRow) => boolean): Promise<OutboxRow> {
  return until(what, async () => {
    const row = (await outboxOf(gateway.database)).at(-1);
    return row && expected(row) ? row : undefined;
  });
}

/** Rows of the same time have no order, and the tests need the newest one. */
beforeEach(() => gateway.clock.travel(1));

describe('while the mail server is down', () => {
  test('the response is the same, the mail waits sealed, and arrives once after the return', async () => {
    const email = newAddress();
    const started = performance.now();
    expect((await register(email)).register.status).toBe('VERIFICATION_SENT');
    expect(performance.now() - started).toBeLessThan(1000);

    const waiting = await newest('the first attempt fails', ({ attempts, lastError }) => attempts === 1 && !!lastError);
    expect(waiting).toMatchObject({ state: 'pending', kind: 'verify_email', sentAt: null });
    // The partition of a mail follows from its id.
    expect(timeOfId(waiting.id)).toEqual(gateway.clock.now());
    expect(waiting.lastError).toMatch(/^E[A-Z]+$/);
    expect(waiting.nextAttemptAt.getTime()).toBe(gateway.clock.now().getTime() + 15_000);

    gateway.clock.travel(15);
    const again = await newest('the second attempt fails', ({ attempts, nextAttemptAt }) => {
      return attempts === 2 && nextAttemptAt.getTime() === gateway.clock.now().getTime() + 30_000;
    });
    expect(again.state).toBe('pending');

    await server.open();
    gateway.clock.travel(30);
    const { mail } = await arrival(email);
    await everythingIsSent(gateway.database);
    gateway.clock.travel(3600);
    await register(newAddress());
    await everythingIsSent(gateway.database);
    expect(mailsTo(email)).toHaveLength(1);

    const token = tokenIn(mail);
    const sealed = waiting.contentSealed ?? Buffer.alloc(0);
    expect(sealed.length).toBeGreaterThan(token.length);
    for (const secret of [token, email, email.split('@')[0] ?? '', 'verify_email', '127.0.0.1']) {
      for (const column of [sealed, waiting.recipientHash]) {
        expect(column.includes(secret)).toBe(false);
        expect(column.toString('base64').includes(Buffer.from(secret).toString('base64').slice(0, -4))).toBe(false);
      }
    }
    expect(JSON.stringify({ ...waiting, contentSealed: null, recipientHash: null })).not.toContain(email);
    expect((await gateway.send(VerifyEmailDocument, { input: { token } })).verifyEmail.verified).toBe(true);
  });

  test('the log reports it, without the address and the token', async () => {
    const lines = gateway.logs.filter((line) => line.includes('a mail could not be sent'));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const line of lines) {
      expect(line).not.toMatch(/@|#token=|[\w-]{43}/);
      expect(JSON.parse(line)).toMatchObject({ mailId: expect.stringMatching(/^[0-9a-f-]{36}$/), final: false });
    }
  });
});

describe('a mail', () => {
  test('is sent within seconds of its cause', async () => {
    const email = newAddress();
    const started = performance.now();
    await register(email);
    await arrival(email);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('is removed after its delivery', async () => {
    const email = newAddress();
    await register(email);
    const { mail } = await arrival(email);
    const row = await newest('the mail is marked', ({ state }) => state === 'sent');
    expect(row).toMatchObject({ contentSealed: null, lastError: null, sentAt: gateway.clock.now() });
    expect(row.recipientHash).toHaveLength(32);
    expect(mail.messageId).toContain(row.id);
    const [whole] = await gateway.database.query<{ text: string }>(
      'select row_to_json(outbox_mails)::text as text from outbox_mails where id = $1',
      [row.id],
    );
    expect(whole?.text).not.toContain(email);
    expect(whole?.text).not.toContain(Buffer.from(tokenIn(mail)).toString('hex'));
  });

  test('keeps its Message-ID over attempts', async () => {
    const email = newAddress();
    server.refuseContent(1);
    await register(email);
    await newest('the server refuses it', ({ lastError }) => lastError !== null);
    expect(mailsTo(email)).toEqual([]);
    gateway.clock.travel(15);
    const { mail } = await arrival(email);
    expect(server.seen.filter((id) => id === mail.messageId)).toHaveLength(2);
    expect(mail.messageId).toMatch(/^<[0-9a-f-]{36}@auth\.example\.com>$/);
  });

  test('has a unique Message-ID', async () => {
    const email = newAddress();
    await register(email);
    const first = (await arrival(email)).mail.messageId;
    gateway.clock.travel(1);
    await gateway.send(ResendVerificationEmailDocument, { input: { email } });
    await until('the second mail', () => mailsTo(email).length === 2);
    expect(mailsTo(email).map(({ mail }) => mail.messageId)).not.toEqual([first, first]);
  });

  test('has text and HTML, the configured sender, one recipient, and the marks of an automatic mail', async () => {
    const email = newAddress();
    await register(email);
    const { mail, to } = await arrival(email);
    expect(to).toEqual([email]);
    expect(mail.from?.text).toBe('"Postern" <no-reply@auth.example.com>');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    const link = `https://app.example.com/verify-email#token=${tokenIn(mail)}`;
    expect(mail.text).toContain(link);
    expect(mail.html).toContain(`href="${link}"`);
    expect(mail.attachments).toEqual([]);
    expect(`${mail.html}`).not.toMatch(/<img|<script|<link|src=/i);
    expect(`${mail.html}`.match(/href="([^"]*)"/g)).toEqual([`href="${link}"`, 'href="https://app.example.com"']);
  });

  test('links to APP_URL, whatever host the request names', async () => {
    const email = newAddress();
    const body = JSON.stringify(bodyOf(RegisterDocument, { input: { email, password: goodPassword } }));
    const status = await new Promise((resolve, reject) => {
      const sending = httpRequest(
        `${gateway.url}/graphql`,
        {
          method: 'POST',
          headers: {
            host: 'evil.example',
            'x-forwarded-host': 'evil.example',
            'x-forwarded-proto': 'http',
            origin: 'https://evil.example',
            referer: 'https://evil.example/',
            'content-type': 'application/json',
          },
        },
        (response) => resolve(response.resume().statusCode),
      );
      sending.on('error', reject).end(body);
    });
    expect(status).toBe(200);
    const { raw, mail } = await arrival(email);
    expect(raw).not.toContain('evil.example');
    expect(mail.text).toContain('https://app.example.com/verify-email#token=');
  });
});

describe('a hostile name', () => {
  const hostile = [
    '<img src=x onerror=alert(1)>" \'&',
    'phone =?utf-8?q?=0D=0ABcc:_eve@example.com?=',
    '%0d%0aBcc: eve@example.com',
    '"Ada" <eve@example.com>, eve@example.com',
  ];

  test.concurrent.each(hostile)('of a device adds only text to the mail: %s', async (deviceName) => {
    const email = newAddress();
    await register(email, deviceName.slice(0, 100));
    await gateway.send(VerifyEmailDocument, { input: { token: tokenIn((await arrival(email)).mail) } });
    const { login } = await gateway.send(FullLoginDocument, { input: { email, password: goodPassword, deviceName } });
    const { refreshToken } = withRefreshToken(login);
    const successor = withRefreshToken((await gateway.send(FullRefreshDocument, { input: { refreshToken } })).refresh);
    await gateway.send(FullRefreshDocument, { input: { refreshToken: successor.refreshToken } });
    await refusal(gateway.send(FullRefreshDocument, { input: { refreshToken } }));
    await until('the second mail', () => mailsTo(email).length === 2);
    expect(mailsTo(email)[1]?.mail.subject).toBe('We ended one of your sessions');

    for (const { mail, raw, to } of mailsTo(email)) {
      expect(to).toEqual([email]);
      expect(mail.cc).toBeUndefined();
      expect(mail.bcc).toBeUndefined();
      expect(raw.split('\r\n\r\n', 1)[0]).not.toMatch(/eve@example\.com|^bcc|^cc|phone/im);
      expect(mail.subject).not.toContain('changed');
      expect(`${mail.html}`).not.toContain('<img');
      expect(`${mail.html}`).not.toContain(' onerror=alert(1)>');
    }
    expect(mailsTo(email)[1]?.mail.text).toContain(deviceName);
  });

  test('with a line break is refused', async () => {
    const email = newAddress();
    for (const lineBreak of ['\r\n', '\n', '\r', '\u0085', '\u2028', '\u2029']) {
      const error = await refusal(register(email, `Ada${lineBreak}Bcc: eve@example.com`));
      expect(error.code).toBe('BAD_USER_INPUT');
    }
    expect((await refusal(register('ada@example.com\r\nBcc: eve@example.com'))).code).toBe('BAD_USER_INPUT');
  });
});

describe('a mail server that accepts connections and stays silent', () => {
  test('delays no request, and gets the mail after its recovery', async () => {
    server.stall(true);
    const addresses = [newAddress(), newAddress(), newAddress(), newAddress()];
    for (const email of addresses) {
      const started = performance.now();
      await register(email);
      expect(performance.now() - started).toBeLessThan(1000);
      // The worker is sending the mail now, and waits.
      await until('the worker tries', async () => {
        return (await outboxOf(gateway.database)).some(({ attempts, state }) => attempts === 1 && state === 'pending');
      });
    }
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(200);
    server.stall(false);
    for (const email of addresses) {
      await until(`the mail to ${email}`, () => {
        gateway.clock.travel(1);
        return mailsTo(email).length > 0;
      });
    }
    await everythingIsSent(gateway.database);
    for (const email of addresses) expect(mailsTo(email)).toHaveLength(1);
  });
});

describe('a recipient that is deferred', () => {
  test('is retried at growing intervals until its link expires, then given up and removed', async () => {
    const email = newAddress();
    server.refuseRecipient(email, 450);
    await register(email);
    const failuresOf = (id: string) => gateway.logs.filter((line) => line.includes(id)).length;
    for (const [index, delay] of [15, 30, 60, 120].entries()) {
      const row = await newest(`attempt ${index + 1} fails and waits for ${delay} s`, (one) => {
        const waits = one.nextAttemptAt.getTime() - gateway.clock.now().getTime();
        return one.attempts === index + 1 && waits === delay * 1000 && failuresOf(one.id) === index + 1;
      });
      expect(row.state).toBe('pending');
      expect(row.lastError).toBe('EENVELOPE 450');
      gateway.clock.travel(delay);
    }

    // The link is valid for a day; the next attempt would be later.
    gateway.clock.travel(24 * 60 * 60 - 225 - 240);
    const dead = await newest('the mail is given up', ({ state }) => state === 'dead');
    expect(dead).toMatchObject({ attempts: 5, contentSealed: null, lastError: 'EENVELOPE 450' });
    expect(mailsTo(email)).toEqual([]);
    const line = gateway.logs.findLast((text) => text.includes('a mail failed permanently'));
    expect(JSON.parse(line ?? '{}')).toMatchObject({ final: true, mailId: dead.id, kind: 'verify_email', level: 50 });
    expect(gateway.logs.filter((text) => text.includes(email) || text.includes('not wanted'))).toEqual([]);
  });
});

describe('a recipient that is rejected', () => {
  test('is given up at once, and leaves the queue', async () => {
    const email = newAddress();
    server.refuseRecipient(email, 550);
    await register(email);
    const dead = await newest('the mail is given up', ({ state }) => state === 'dead');
    expect(dead).toMatchObject({ attempts: 1, contentSealed: null, lastError: 'EENVELOPE 550' });
    expect(await (await fetch(`${gateway.url}/readyz`)).text()).toMatch(/^mail: ok \(mails are delivered\)$/m);
    server.refuseRecipient(email, null);
    gateway.clock.travel(3600);
    await register(newAddress());
    await everythingIsSent(gateway.database);
    expect(mailsTo(email)).toEqual([]);
  });

  test('does not delay mail to other recipients', async () => {
    const [refused, welcome] = [newAddress(), newAddress()];
    server.refuseRecipient(refused, 550);
    await register(refused);
    await register(welcome);
    expect((await arrival(welcome)).to).toEqual([welcome]);
    server.refuseRecipient(refused, null);
  });

  test('is reported by readiness from the first failed delivery on, with the class of the error and no numbers', async () => {
    const before = await (await fetch(`${gateway.url}/readyz`)).text();
    expect(before).toMatch(/^mail: ok/m);
    await server.close();
    await register(newAddress());
    const response = await until('the failed delivery', async () => {
      const answer = await fetch(`${gateway.url}/readyz`);
      const text = await answer.text();
      return text.includes('mail: degraded') && { status: answer.status, text };
    });
    expect(response.status).toBe(200);
    expect(response.text).toMatch(/^mail: degraded \(a delivery failed \(E[A-Z]+\) and is retried\)$/m);
  });
});
