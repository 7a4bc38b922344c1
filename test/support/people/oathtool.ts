/** Codes of an independent implementation: OATH Toolkit's `oathtool`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findOrFetch } from '../processes/debian-package.ts';

const run = promisify(execFile);

/** @param secret in Base32 */
export async function oathCode(secret: string, now: Date): Promise<string> {
  const { path, environment } = await findOrFetch({
    name: 'oathtool',
    commands: ['oathtool'],
    packages: ['oathtool'],
    paths: ['usr/bin/oathtool'],
    parts: /^oathtool/,
    versionFlag: '--version',
    advice: 'the tests of second factors need oathtool: install it',
  });
  const at = `${now.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  const { stdout } = await run(path, ['--totp', '--base32', `--now=${at}`, secret], { env: environment });
  return stdout.trim();
}
