/**
 * The folder `.postern/`: development keeps its secret, its PostgreSQL and its mailbox there between starts. Production
 * gets all three from its operator.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const developmentFolder = '.postern';

export class FolderError extends Error {
  override name = 'FolderError';
}

/** Runs work that writes to the folder. @throws FolderError when the folder refuses it */
export async function writing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error;
    const advice = 'start in a folder that this user can write to, or set DATABASE_URL, SECRET and SMTP_URL';
    throw new FolderError(`the folder ${resolve(folder)} cannot be used (${error.code}): ${advice}`, { cause: error });
  }
}

/** The secret of this folder. Of several gateways that start together, the first one creates it for all. */
export async function developmentSecret(folder: string): Promise<Buffer> {
  const file = join(folder, 'secret');
  return readSecret(file).catch(() => createSecret(folder, file));
}

async function readSecret(file: string): Promise<Buffer> {
  return Buffer.from(await readFile(file, 'utf8'), 'base64');
}

/** The finished file gets its name in one step, so that no other process reads half of it. */
async function createSecret(folder: string, file: string): Promise<Buffer> {
  const draft = join(folder, `secret-${randomBytes(6).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await writeFile(draft, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  await link(draft, file).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return readSecret(file);
}
