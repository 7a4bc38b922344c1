/**
 * What production gets from its operator and development makes for itself in `.postern/`: a secret, a PostgreSQL, a
 * mailbox. Everything is kept between starts.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const developmentFolder = '.postern';

/** The secret of this folder. Two gateways that start together agree on one: only the first may write it. */
export async function developmentSecret(folder: string): Promise<Buffer> {
  const file = join(folder, 'secret');
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 }).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}
