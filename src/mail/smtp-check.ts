/** Signs in to the mail server as a delivery does, or delivers one mail to an address of the operator. */
import { randomUUID } from 'node:crypto';
import { problemOf } from './delivery-problem.ts';
import { createSmtpTransport, type SmtpSettings, verifySmtp } from './transport.ts';

const deliveryMs = 8000;

const test = {
  locale: 'en',
  subject: 'Test mail of Postern',
  text: 'The operator of Postern sent this mail with "postern doctor --mail-to". Nothing is to be done.\n',
  html: '<p>The operator of Postern sent this mail with <code>postern doctor --mail-to</code>. Nothing is to be done.</p>\n',
} as const;

/** @param mailTo null: nothing is sent @returns the code of the failure, or null */
export async function checkSmtpServer(settings: SmtpSettings, mailTo: string | null): Promise<string | null> {
  try {
    if (mailTo === null) await verifySmtp(settings);
    else await deliver(settings, mailTo);
    return null;
  } catch (error) {
    return [problemOf(error).code, causeOf(error)].filter(Boolean).join(' ');
  }
}

/** nodemailer replaces the code of a socket's error by its own. */
function causeOf(error: unknown): string {
  const [cause = ''] =
    /\bE[A-Z]{4,}\b|\bcertificate\b|\baltnames\b/.exec(error instanceof Error ? error.message : '') ?? [];
  return cause;
}

async function deliver(settings: SmtpSettings, to: string): Promise<void> {
  const transport = createSmtpTransport(settings);
  try {
    await transport.send(
      { ...test, id: randomUUID(), kind: 'test', to, writtenAt: new Date() },
      AbortSignal.timeout(deliveryMs),
    );
  } finally {
    transport.close();
  }
}
