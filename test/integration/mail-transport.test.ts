/** The bytes of a mail on the wire (mail/transport.ts): its content changes neither its headers nor its envelope. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSmtpTransport, type MailTransport, type OutgoingMail } from '../../src/mail/transport.ts';
import { type FailingMailServer, startFailingMailServer } from '../support/mail/failing-mail-server.ts';

let server: FailingMailServer;
let transport: MailTransport;
const sender = { name: 'Lantern House', address: 'no-reply@auth.example.com' };

beforeAll(async () => {
  server = await startFailingMailServer();
  await server.open();
  transport = createSmtpTransport({ url: server.url, requireTls: false, from: sender });
});
afterAll(async () => {
  transport.close();
  await server.close();
});

const usual: OutgoingMail = {
  id: '0193c0de-0000-7000-8000-000000000001',
  kind: 'account_restored',
  to: 'ada@example.com',
  writtenAt: new Date('2026-03-01T12:34:56.000Z'),
  locale: 'en',
  subject: 'A subject',
  text: 'A text.\n',
  html: '<p>A text.</p>',
};

async function delivered(mail: OutgoingMail) {
  await transport.send(mail, AbortSignal.timeout(10_000));
  const last = server.accepted.at(-1);
  if (!last) throw new Error('nothing came');
  return {
    ...last,
    headers:
      last.raw
        .split('\r\n\r\n', 1)[0]
        ?.replace(/\r\n[ \t]+/g, ' ')
        .split('\r\n') ?? [],
  };
}

const namesOf = (headers: readonly string[]) =>
  headers.map((line) => line.split(':', 1).join().toLowerCase()).toSorted();

test('a mail has the headers of an automatic mail, and no others', async () => {
  const { headers, mail, to } = await delivered(usual);
  expect(to).toEqual(['ada@example.com']);
  expect(namesOf(headers)).toEqual([
    'auto-submitted',
    'content-language',
    'content-type',
    'date',
    'from',
    'message-id',
    'mime-version',
    'subject',
    'to',
    'x-auto-response-suppress',
  ]);
  expect(mail.date).toEqual(usual.writtenAt);
  expect(mail.messageId).toBe(`<${usual.id}@auth.example.com>`);
  expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
});

describe('a line break in', () => {
  const breaks = ['\r\n', '\n', '\r', '\r\n\r\n', '\0', '\u2028', '\u0085'];

  test.each(breaks)('a subject (%j) adds no header and no text', async (lineBreak) => {
    const { headers, mail, to } = await delivered({ ...usual, subject: `Hello${lineBreak}Bcc: eve@example.com` });
    expect(namesOf(headers)).toEqual(namesOf((await delivered(usual)).headers));
    expect(to).toEqual(['ada@example.com']);
    expect(mail.bcc).toBeUndefined();
    expect(mail.text?.trim()).toBe('A text.');
  });

  test.each(breaks)('an address (%j) adds no recipient: at most the mail is refused', async (lineBreak) => {
    const before = server.accepted.length;
    const hostile = `ada@example.com${lineBreak}RCPT TO:<eve@example.com>${lineBreak}Bcc: eve@example.com`;
    await transport.send({ ...usual, to: hostile }, AbortSignal.timeout(10_000)).catch(() => undefined);
    for (const { to, mail } of server.accepted.slice(before)) {
      expect(to).not.toContain('eve@example.com');
      expect(mail.bcc).toBeUndefined();
    }
  });
});

test.each([
  'ada@example.com, eve@example.com',
  'Ada <ada@example.com>, <eve@example.com>',
  'x: ada@example.com, eve@example.com;',
])('a list of addresses (%s) is not read as one', async (hostile) => {
  const before = server.accepted.length;
  await transport.send({ ...usual, to: hostile }, AbortSignal.timeout(10_000)).catch(() => undefined);
  for (const { to } of server.accepted.slice(before)) expect(to).not.toContain('eve@example.com');
});

test('a text with a line of one dot arrives complete, and the session continues after it', async () => {
  const text = 'before\r\n.\r\nMAIL FROM:<eve@example.com>\r\n..\r\nafter\n';
  const { mail, to } = await delivered({ ...usual, text });
  expect(mail.text?.replaceAll('\r\n', '\n').trim()).toBe(text.replaceAll('\r\n', '\n').trim());
  expect(to).toEqual(['ada@example.com']);
});

test('an attempt can be aborted at any time', async () => {
  server.stall(true);
  const ending = new AbortController();
  const sending = transport.send(usual, ending.signal);
  setTimeout(() => ending.abort(), 100);
  const started = performance.now();
  await expect(sending).rejects.toMatchObject({ code: 'EABORT' });
  expect(performance.now() - started).toBeLessThan(2000);
  server.stall(false);
});

test('a server without STARTTLS gets no mail where TLS is required', async () => {
  const strict = createSmtpTransport({ url: server.url, requireTls: true, from: sender });
  const before = server.seen.length;
  await expect(strict.send(usual, AbortSignal.timeout(10_000))).rejects.toMatchObject({ code: 'ETLS' });
  expect(server.seen).toHaveLength(before);
  strict.close();
});
