/** `/dev/mailbox` (http/development-mailbox.ts): mails as a person sees them, and what the frontend behind a link would send. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastify from 'fastify';
import { buildSchema, parse, validate } from 'graphql';
import { expect, test } from 'vitest';
import { registerDevelopmentMailbox } from '../../src/http/development-mailbox.ts';
import { createDevelopmentMailbox } from '../../src/mail/development-mailbox.ts';
import { type MailSettings, renderMail } from '../../src/mail/templates.ts';
import { createWorkshop } from '../support/processes.ts';
import { mailKinds, sampleMail, sampleToken } from '../support/sample-mails.ts';

const settings: MailSettings = {
  productName: 'Lantern House',
  appUrl: 'http://localhost:4000',
  colour: '#1f4b99',
  logoUrl: null,
  supportUrl: null,
  locale: 'en',
};

const workshop = createWorkshop();

/** The page with one mail of every kind, the last of the list on top. */
async function mailboxWithAll(onTestFinished: (end: () => Promise<void>) => void) {
  onTestFinished(() => workshop.clear());
  const printed: string[] = [];
  const mailbox = createDevelopmentMailbox(await workshop.folder(), (text) => printed.push(text));
  for (const [index, kind] of mailKinds.entries()) {
    const mail = sampleMail(kind);
    const id = `0193c0de-0000-7000-8000-${String(index).padStart(12, '0')}`;
    const writtenAt = new Date('2026-03-01T12:34:56.000Z');
    await mailbox.send({ ...renderMail(mail, settings), id, to: mail.to, writtenAt }, AbortSignal.timeout(1000));
  }
  const server = fastify();
  registerDevelopmentMailbox(server, mailbox);
  const read = async (accept: string) => (await server.inject({ url: '/dev/mailbox', headers: { accept } })).body;
  return { read, printed };
}

test('shows every kind as page and as text, newest first, to people, terminals and programs', async ({
  onTestFinished,
}) => {
  const { read, printed } = await mailboxWithAll(onTestFinished);
  const subjects = mailKinds.map((kind) => renderMail(sampleMail(kind), settings).subject).toReversed();
  const page = await read('text/html');
  expect([...page.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, subject]) => subject)).toEqual(subjects);
  expect(page.match(/<iframe sandbox="" /g)).toHaveLength(mailKinds.length);
  expect(page.match(/As plain text/g)).toHaveLength(mailKinds.length);
  expect([...(await read('*/*')).matchAll(/^Subject: (.*)$/gm)].map(([, subject]) => subject)).toEqual(subjects);
  const { mails } = JSON.parse(await read('application/json'));
  expect(mails).toHaveLength(mailKinds.length);
  expect(mails[0]).toMatchObject({ to: 'ada@example.com', locale: 'en', sentAt: '2026-03-01T12:34:56.000Z' });
  expect(printed).toHaveLength(mailKinds.length);
});

test('tells for every mail with a token what the frontend would send, in operations that there are', async ({
  onTestFinished,
}) => {
  const { read } = await mailboxWithAll(onTestFinished);
  const page = (await read('text/html')).replaceAll('&#34;', '"');
  const hints = [...page.matchAll(/<pre>(mutation .*?)<\/pre>/g)].map(([, hint = '']) => hint);
  expect(hints).toHaveLength(mailKinds.filter((kind) => 'token' in sampleMail(kind).variables).length);
  for (const hint of hints) expect(hint).toContain(`token: "${sampleToken}"`);
  expect(new Set(hints.map((hint) => /\{ (\w+)\(/.exec(hint)?.[1]))).toEqual(
    new Set(['verifyEmail', 'resetPassword', 'confirmEmailChange', 'disownSession']),
  );
  const schema = buildSchema(await readFile(join(import.meta.dirname, '../../schema/schema.graphql'), 'utf8'));
  for (const hint of hints) expect([hint, validate(schema, parse(hint))]).toEqual([hint, []]);
});
