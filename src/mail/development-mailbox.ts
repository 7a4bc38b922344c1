/**
 * The mailbox without SMTP_URL: it prints each mail and stores it as a file, so that gateways that share a database also
 * share the mailbox. Development only: the files hold valid tokens.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MailTransport, OutgoingMail } from './transport.ts';

export interface StoredMail extends Omit<OutgoingMail, 'writtenAt' | 'kind'> {
  sentAt: string;
}

export interface DevelopmentMailbox extends MailTransport {
  /** Newest first, at most 50. */
  list(): Promise<StoredMail[]>;
}

const maxListed = 50;

/** @param print shows a mail at the terminal */
export function createDevelopmentMailbox(folder: string, print: (text: string) => void): DevelopmentMailbox {
  return {
    async send({ writtenAt, ...mail }) {
      const kept: StoredMail = { ...mail, sentAt: writtenAt.toISOString() };
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, `${mail.id}.json`), JSON.stringify(kept), { mode: 0o600 });
      print(`\n  Mail to ${mail.to}: ${mail.subject}\n\n${mail.text.replace(/^(?=.)/gm, '  | ')}\n`);
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      // The ids are UUIDv7: their order is that of time.
      const newest = names
        .filter((name) => name.endsWith('.json'))
        .sort()
        .reverse()
        .slice(0, maxListed);
      return Promise.all(
        newest.map(async (name): Promise<StoredMail> => JSON.parse(await readFile(join(folder, name), 'utf8'))),
      );
    },
    close: () => undefined,
  };
}
