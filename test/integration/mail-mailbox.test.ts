/** `/dev/mailbox` as page, text and JSON. */
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { registerMailbox } from '../../src/http/pages/mailbox.ts';
import { createDevelopmentMailbox } from '../../src/mail/development-mailbox.ts';
import { type MailSettings, renderMail } from '../../src/mail/templates.ts';
import { mailKinds, sampleMail } from '../support/mail/sample-mails.ts';
import { createProcessRunner } from '../support/processes/processes.ts';

const settings: MailSettings = {
  productName: 'Lantern House',
  appUrl: 'http://localhost:4000',
  colour: '#1f4b99',
  logoUrl: null,
  supportUrl: null,
  locale: 'en',
};

const runner = createProcessRunner();

test('The mailbox lists every kind of mail, newest first, as page, text and JSON', async ({ onTestFinished }) => {
  onTestFinished(() => runner.clear());
  const printed: string[] = [];
  const mailbox = createDevelopmentMailbox(await runner.folder(), (text) => printed.push(text));
  for (const [index, kind] of mailKinds.entries()) {
    const mail = sampleMail(kind);
    const id = `0193c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const writtenAt = new Date('2026-03-01T12:34:56.000Z');
    await mailbox.send({ ...renderMail(mail, settings), id, kind, to: mail.to, writtenAt }, AbortSignal.timeout(1000));
  }
  const server = fastify();
  registerMailbox(server, mailbox, 'http://localhost:4000');
  const read = async (accept: string) => (await server.inject({ url: '/dev/mailbox', headers: { accept } })).body;
  const subjects = mailKinds.map((kind) => renderMail(sampleMail(kind), settings).subject).toReversed();

  const page = await read('text/html');
  expect([...page.matchAll(/<strong>(.*?)<\/strong>/g)].map(([, subject]) => subject)).toEqual(subjects);
  expect(page.match(/<iframe /g)).toHaveLength(1);
  expect([...(await read('*/*')).matchAll(/^Subject: (.*)$/gm)].map(([, subject]) => subject)).toEqual(subjects);
  const { mails } = JSON.parse(await read('application/json'));
  expect(mails).toHaveLength(mailKinds.length);
  expect(mails[0]).toMatchObject({ to: 'ada@example.com', locale: 'en', sentAt: '2026-03-01T12:34:56.000Z' });
  expect(printed).toHaveLength(mailKinds.length);
});
