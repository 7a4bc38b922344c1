/** Does the mail server accept this sender? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok } from './finding.ts';

/** By the code of the failure (mail/delivery-problem.ts). */
const remedies: readonly (readonly [RegExp, string])[] = [
  [/^EAUTH/, 'correct the user and the password in SMTP_URL'],
  [/^ETLS/, 'use a mail server with STARTTLS or smtps:; SMTP_PLAIN_HOST admits one private host without TLS'],
  [/certificate|altnames/i, 'install a certificate that this machine trusts on the mail server'],
  [/EDNS|ENOTFOUND|EAI_AGAIN/, 'correct the host in SMTP_URL, or the name server of this machine'],
  [/ \d{3}$/, 'read the reply in the log of the mail server; it rejects MAIL_FROM or the recipient'],
];

export async function checkSmtp({ smtp, sendsMail, hasMailHook }: DoctorDeps): Promise<Finding[]> {
  if (hasMailHook && !sendsMail) return [ok('a hook delivers the mails')];
  if (smtp === null) {
    if (!sendsMail) return [ok('SMTP_URL is not set: mails go to the mailbox of development')];
    return [fail('--mail-to cannot send: SMTP_URL is not set', 'set SMTP_URL')];
  }
  const problem = await smtp();
  if (problem === null) return [ok(sendsMail ? 'accepted the test mail' : 'accepts the credentials')];
  const [, remedy] = remedies.find(([pattern]) => pattern.test(problem)) ?? [];
  return [
    fail(`rejects or misses the connection (${problem})`, remedy ?? 'start the mail server, or correct SMTP_URL'),
  ];
}
