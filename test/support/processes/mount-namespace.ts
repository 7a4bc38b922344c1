/** Starts a program that may mount files which no other process sees. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** As root; as a user with namespaces; and where a system forbids those, by sudo without a password. */
const ways = [
  ['unshare', '--mount'],
  ['unshare', '--map-root-user', '--mount'],
  ['sudo', '--non-interactive', '--preserve-env', 'unshare', '--mount'],
];

/** @returns the beginning of a command line */
export async function mountNamespace(): Promise<string[]> {
  for (const [program = '', ...args] of ways) {
    const works = await promisify(execFile)(program, [...args, 'true']).then(
      () => true,
      () => false,
    );
    if (works) return [program, ...args];
  }
  throw new Error('the test of name servers needs root, user namespaces, or sudo without a password');
}
