/** The mail worker with silent mail servers and a failing database: no mail is lost, and no request waits. */
import { simpleParser } from 'mailparser';
import { describe, expect, type TestContext, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/gateway/database.ts';
import { goodPassword, newAddress, startTestGateway, type TestGateway } from '../support/gateway/gateway.ts';
import { RegisterDocument, VerifyEmailDocument } from '../support/generated/graphql.ts';
import { tokenIn } from '../support/mail/mail-server.ts';
import { everythingIsSent, outboxOf } from '../support/mail/mailbox.ts';
import { type SmtpStage, startStallingMailServer } from '../support/mail/stalling-mail-server.ts';
import { startTcpProxy } from '../support/proxies/tcp-proxy.ts';
import { until } from '../support/races/until.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Ended after each test, in reverse order. */
function fixtures({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  return {
    async database(): Promise<TestDatabase> {
      const database = await createTestDatabase();
      onTestFinished(() => database.drop());
      return database;
    },
    async mailServer(stallAt: (stage: SmtpStage, recipient: string) => boolean) {
      const server = await startStallingMailServer(stallAt);
      onTestFinished(() => server.stop());
      return server;
    },
    async proxy(url: string) {
      const proxy = await startTcpProxy(url);
      onTestFinished(() => proxy.close());
      return proxy;
    },
    async gateway(environment: Record<string, string>): Promise<TestGateway> {
      const gateway = await startTestGateway(environment);
      onTestFinished(() => gateway.stop());
      return gateway;
    },
  };
}

const register = (gateway: TestGateway, email: string) =>
  gateway.send(RegisterDocument, { input: { email, password: goodPassword } });

/** What takes less did not wait for a mail server: that would take ten seconds at least. A busy machine may be slow. */
const unheldMs = 5000;

async function millisecondsOf(call: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await call();
  return performance.now() - started;
}

describe('a mail server that stops answering', () => {
  const stages: readonly SmtpStage[] = ['connection', 'EHLO', 'MAIL', 'RCPT', 'DATA', 'content'];

  test.concurrent.for(stages)(
    'after %s delays no caller and no shutdown; the next server sends the mail at once',
    async (stage, context) => {
      const { database, mailServer, gateway } = fixtures(context);
      const shared = await database();
      const silent = await mailServer((one) => one === stage);
      const first = await gateway({ DATABASE_URL: shared.url, SMTP_URL: silent.url });
      const email = newAddress();
      try {
        expect(await millisecondsOf(() => register(first, email))).toBeLessThan(unheldMs);
        await until('the worker is held up', () => silent.stalls() > 0);
        expect(await millisecondsOf(() => register(first, newAddress()))).toBeLessThan(unheldMs);
        expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
      } finally {
        // Five of them for the mails in delivery.
        expect(await millisecondsOf(() => first.end())).toBeLessThan(5000 + unheldMs);
      }
      // Aborted without waiting.
      const rows = await outboxOf(shared);
      expect(rows.map(({ state, lastError }) => [state, lastError])).toEqual([
        ['pending', 'EABORT'],
        ['pending', 'EABORT'],
      ]);

      const well = await mailServer(() => false);
      await gateway({ DATABASE_URL: shared.url, SMTP_URL: well.url });
      await everythingIsSent(shared);
      expect(well.taken.filter((recipient) => recipient === email)).toEqual([email]);
      expect(well.contents).toHaveLength(2);
      // A server that is silent after the content may have kept it: the mail is sent twice with one Message-ID, by
      // which mail programs find duplicates.
      const ids = (await Promise.all([...silent.contents, ...well.contents].map((text) => simpleParser(text)))).map(
        ({ messageId, date }) => `${messageId} ${date?.toISOString()}`,
      );
      expect(new Set(ids).size).toBe(2);
      expect(silent.contents).toHaveLength(stage === 'content' ? 2 : 0);
    },
  );

  test.concurrent('for some recipients does not delay the mail to other recipients', async (context) => {
    const { mailServer, gateway: gatewayWith } = fixtures(context);
    const server = await mailServer((stage, recipient) => stage === 'RCPT' && recipient.startsWith('tarpit'));
    const gateway = await gatewayWith({ SMTP_URL: server.url });
    for (let index = 0; index < 9; index += 1) await register(gateway, `tarpit${index}@example.com`);
    await until('nine mails are held up', () => server.stalls() === 9);
    const others = Array.from({ length: 12 }, newAddress);
    const took = await millisecondsOf(async () => {
      await Promise.all(others.map((email) => register(gateway, email)));
      await until('the others have theirs', () => others.every((email) => server.taken.includes(email)));
    });
    expect(took).toBeLessThan(5000);
  });

  test.concurrent('before its greeting is dropped after ten seconds, and the mail is retried', async (context) => {
    const { mailServer, gateway: gatewayWith } = fixtures(context);
    const server = await mailServer((stage) => stage === 'connection');
    const gateway = await gatewayWith({ SMTP_URL: server.url });
    await register(gateway, newAddress());
    const [row] = await until(
      'the worker gives up waiting',
      async () => {
        const rows = await outboxOf(gateway.database);
        return rows[0]?.lastError ? rows : undefined;
      },
      15_000,
    );
    expect(row).toMatchObject({ state: 'pending', attempts: 1, lastError: 'ETIMEDOUT' });
    expect(row?.nextAttemptAt.getTime()).toBe(gateway.clock.now().getTime() + 15_000);
  });
});

test.concurrent('a mail delivered during a database outage is recorded afterwards, and not sent again', async (context) => {
  const { database, mailServer, proxy: proxyTo, gateway: gatewayWith } = fixtures(context);
  const shared = await database();
  const proxy = await proxyTo(shared.url);
  let cut: Promise<void> | null = null;
  // The database fails at the moment in which the server has the whole mail.
  const server = await mailServer((stage) => {
    if (stage === 'content') cut ??= proxy.cut();
    return false;
  });
  const gateway = await gatewayWith({ DATABASE_URL: proxy.url, SMTP_URL: server.url });
  const email = newAddress();
  await register(gateway, email);
  await until('the server has the mail', () => server.taken.length === 1);
  await until('the worker misses its database', () => gateway.logs.some((line) => line.includes('could not be sent')));
  await cut;
  await proxy.restore();
  // After the end of its claim, another worker would take the mail.
  gateway.clock.travel(600);
  await everythingIsSent(shared);
  expect(server.taken).toEqual([email]);
});

test.concurrent('a mail with an expired link is not sent; a late notice is', async (context) => {
  const { database, mailServer, gateway } = fixtures(context);
  const shared = await database();
  let silent = false;
  const server = await mailServer(() => silent);
  const first = await startTestGateway({ DATABASE_URL: shared.url, SMTP_URL: server.url });
  const [known, late, fresh] = [newAddress(), newAddress(), newAddress()];
  await register(first, known);
  await everythingIsSent(shared);
  const token = tokenIn(await simpleParser(server.contents[0] ?? ''));
  await first.send(VerifyEmailDocument, { input: { token } });
  silent = true;
  await register(first, known);
  await register(first, late);
  await until('both are held up', () => server.stalls() === 2);
  await first.stop();

  silent = false;
  const second = await gateway({ DATABASE_URL: shared.url, SMTP_URL: server.url });
  second.clock.travel(2 * 24 * 60 * 60);
  await register(second, fresh);
  await everythingIsSent(shared);
  expect(server.taken.toSorted()).toEqual([known, known, fresh].toSorted());
  const dead = (await outboxOf(shared)).filter(({ state }) => state === 'dead');
  expect(dead).toMatchObject([{ kind: 'verify_email', lastError: 'EXPIRED', contentSealed: null }]);
});

test.concurrent('mails use the language, name and colours of the settings, and declare their language', async (context) => {
  const { gateway: gatewayWith } = fixtures(context);
  const gateway = await gatewayWith({
    MAIL_LOCALE: 'de',
    PRODUCT_NAME: 'Müller & Söhne',
    MAIL_COLOR: '#ffd34d',
    MAIL_LOGO_URL: 'https://cdn.example.com/logo.png',
    SUPPORT_URL: 'https://example.com/hilfe',
  });
  const email = newAddress();
  await register(gateway, email);
  const mail = await gateway.mail.take(email, 'Bestätigen Sie Ihre E-Mail-Adresse');
  expect(mail.headers.get('content-language')).toBe('de');
  expect(mail.date?.getTime()).toBe(Math.floor(gateway.clock.now().getTime() / 1000) * 1000);
  expect(mail.text).toContain('bei Müller & Söhne registriert');
  expect(mail.text).toContain(`https://app.example.com/verify-email#token=${tokenIn(mail)}`);
  expect(mail.html).toContain('<html lang="de">');
  expect(mail.html).toContain('alt="Müller &amp; Söhne"');
  expect(mail.html).toContain('background:#ffd34d');
  expect(mail.html).toContain('href="https://example.com/hilfe"');
});
