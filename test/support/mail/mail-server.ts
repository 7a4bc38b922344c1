/** A real SMTP server that stores the received mails. */
import { once } from 'node:events';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { portOf } from '../servers/free-port.ts';

export interface MailServer {
  url: string;
  mails: readonly ParsedMail[];
  /**
   * Waits for a mail to the address (with the subject), and removes it from the received mails; of several, the newest.
   */
  take(to: string, subject?: string): Promise<ParsedMail>;
  stop(): Promise<void>;
}

const timeoutMs = 10_000;

export async function startMailServer(): Promise<MailServer> {
  const mails: ParsedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, callback) => callback(null, { user: username ?? '' }),
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, callback) {
      simpleParser(stream).then((mail) => {
        mails.push(mail);
        callback();
      }, callback);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const port = portOf(server.server);
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    async take(to, subject) {
      const deadline = Date.now() + timeoutMs;
      while (Date.now() < deadline) {
        const index = mails.findLastIndex(
          (mail) => recipientsOf(mail).includes(to) && (subject === undefined || mail.subject === subject),
        );
        const [mail] = index === -1 ? [] : mails.splice(index, 1);
        if (mail) return mail;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`no mail to ${to} within ${timeoutMs} ms`);
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

export function recipientsOf(mail: ParsedMail): string[] {
  return [mail.to ?? []].flat().flatMap(({ value }) => value.map(({ address }) => address ?? ''));
}

/** The token in the link of a mail. */
export function tokenIn(mail: ParsedMail): string {
  const token = /#token=([\w-]+)/.exec(mail.text ?? '')?.[1];
  if (!token) throw new Error(`the mail "${mail.subject}" has no token`);
  return token;
}
