/**
 * What production gets from its operator and development makes for itself in `.postern/`: a secret, a PostgreSQL, a
 * mailbox. Everything is kept between starts.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const developmentFolder = '.postern';

/** The secret of this folder. Of gateways that start together the first puts its own there, whole, for all. */
export async function developmentSecret(folder: string): Promise<Buffer> {
  const file = join(folder, 'secret');
  const draft = join(folder, `secret-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await link(draft, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
