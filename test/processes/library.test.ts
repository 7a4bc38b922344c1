/** What others import of the built package: by its public names, and without the house behind it. */
import { execFile } from 'node:child_process';
import { relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');

/** Every file that is loaded with a module, as the process itself reports it. */
async function loadedWith(specifier: string): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load: (url, context, next) => { loaded.add(url); return next(url, context); } });
    await import(${JSON.stringify(specifier)});
    console.log(JSON.stringify([...loaded]));
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root });
  const urls: string[] = JSON.parse(stdout);
  return urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
}

const packageOf = (path: string) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];

describe('@postern/verify', () => {
  test('brings jose and its own two files, and nothing else', async () => {
    const paths = await loadedWith('@postern/verify');
    const own = paths.filter((path) => !packageOf(path)).map((path) => relative(root, path));
    expect(own.toSorted()).toEqual(['packages/verify/dist/published-keys.js', 'packages/verify/dist/verifier.js']);
    expect([...new Set(paths.map(packageOf))].toSorted()).toEqual(['jose', undefined]);
  });

  test('what is not exported stays inside', async () => {
    await expect(loadedWith('postern/dist/src/app/app.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});
