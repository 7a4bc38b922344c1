/** A real SMTP server that can be down, silent, or refuse mails. */
import { once } from 'node:events';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerAddress } from 'smtp-server';
import { freePort } from '../servers/free-port.ts';

export interface FailingMailServer {
  url: string;
  /** The accepted mails, with their text as received. */
  accepted: readonly { to: string[]; mail: ParsedMail; raw: string }[];
  /** The Message-IDs of all mails with received content, accepted or not. */
  seen: readonly string[];
  open(): Promise<void>;
  close(): Promise<void>;
  /** Accepts connections and sends nothing, until it is reset. */
  stall(stalled: boolean): void;
  /** Answers the recipient with this code permanently; null resets it. */
  refuseRecipient(address: string, code: number | null): void;
  /** Reads so many mails to their end and then refuses them. */
  refuseContent(times: number): void;
}

/** Its address is fixed from the start; it accepts connections from `open` on. */
export async function startFailingMailServer(): Promise<FailingMailServer> {
  const port = await freePort();
  const accepted: { to: string[]; mail: ParsedMail; raw: string }[] = [];
  const seen: string[] = [];
  const refusedRecipients = new Map<string, number>();
  const waiting = new Set<(error?: Error) => void>();
  let stalled = false;
  let contentRefusals = 0;
  let server: SMTPServer | null = null;

  const listen = () =>
    new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 100,
      onConnect(_session, callback) {
        if (stalled) waiting.add(callback);
        else callback();
      },
      onRcptTo({ address }, _session, callback) {
        const code = refusedRecipients.get(address);
        callback(code ? replyWith(code, 'this recipient is not wanted') : null);
      },
      onData(stream, session, callback) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const raw = Buffer.concat(chunks).toString('latin1');
          const to = session.envelope.rcptTo.map(({ address }: SMTPServerAddress) => address);
          simpleParser(Buffer.concat(chunks)).then((mail) => {
            seen.push(mail.messageId ?? '');
            contentRefusals -= 1;
            if (contentRefusals >= 0) return callback(replyWith(451, 'come again'));
            accepted.push({ to, mail, raw });
            callback();
          }, callback);
        });
      },
    });

  return {
    url: `smtp://127.0.0.1:${port}`,
    accepted,
    seen,
    async open() {
      server = listen();
      // The test ignores a client that closes the connection early.
      server.on('error', () => undefined);
      server.listen(port, '127.0.0.1');
      await once(server.server, 'listening');
    },
    async close() {
      const closing = server;
      server = null;
      if (closing) await new Promise<void>((resolve) => closing.close(() => resolve()));
    },
    stall(value) {
      stalled = value;
      if (stalled) return;
      for (const resume of waiting) resume(replyWith(421, 'was silent for too long'));
      waiting.clear();
    },
    refuseRecipient(address, code) {
      if (code === null) refusedRecipients.delete(address);
      else refusedRecipients.set(address, code);
    },
    refuseContent(times) {
      contentRefusals = times;
    },
  };
}

function replyWith(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
