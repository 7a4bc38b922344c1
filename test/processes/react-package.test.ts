/** `@postern/react` as its users get it: packed, installed by npm into an empty project, compiled, and rendered on a server. */
import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createProject, type Project } from '../support/processes/installed-packages.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const installedByUser = ['@postern/client', '@postern/react', 'graphql', 'react', 'react-dom'];

let project: Project;
beforeAll(async () => {
  project = await createProject(installedByUser, ['react', 'react-dom', 'scheduler', 'lucide-react']);
  await project.link(['@types/react', 'csstype']);
}, 240_000);
afterAll(() => project?.remove());

test('npm installs the forms with their icons and no other package', () => {
  const added = project.installed.filter((name) => !name.startsWith('@types/') && name !== 'csstype');
  const ofPackages = ['@graphql-typed-document-node/core', 'graphql-request', 'lucide-react', 'scheduler'];
  expect(added).toEqual([...installedByUser, ...ofPackages].toSorted());
});

test('the installed forms render on a server without a session', { timeout: 60_000 }, async () => {
  const script = `
    import { createElement } from 'react';
    import { renderToString } from 'react-dom/server';
    import { createPosternClient } from '@postern/client';
    import { PosternProvider } from '@postern/react';
    import { SignIn } from '@postern/react/forms';
    const client = createPosternClient({ url: 'https://auth.example.com' });
    console.log(renderToString(createElement(PosternProvider, { client }, createElement(SignIn))));
  `;
  const html = await project.run(script);
  expect(html).toContain('autoComplete="username webauthn"');
  expect(html).not.toContain('style=');
});

const resolutions = [
  ['nodenext', { module: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
] as const;

describe('docs/react.md', { timeout: 120_000 }, () => {
  test.each(resolutions)('has examples that compile with %s', async (_name, resolution) => {
    const guide = await readFile(join(root, 'docs/react.md'), 'utf8');
    const examples = [...guide.matchAll(/^```tsx\n([\s\S]*?)^```/gm)].map(([, text = '']) => text);
    expect(examples.length).toBe(4);
    await rm(join(project.folder, 'src'), { recursive: true, force: true });
    await mkdir(join(project.folder, 'src'));
    for (const [index, text] of examples.entries())
      await writeFile(join(project.folder, `src/example-${index}.tsx`), text);
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      jsx: 'react-jsx',
      target: 'es2024',
      lib: ['es2024', 'dom', 'dom.iterable', 'dom.asynciterable', 'esnext.disposable'],
      types: [],
      ...resolution,
    };
    await writeFile(join(project.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
    const compiled = run(process.execPath, [join(root, 'node_modules/.bin/tsc')], { cwd: project.folder });
    const problems = await compiled.then(
      () => '',
      ({ stdout }: { stdout: string }) => stdout,
    );
    expect(problems).toBe('');
  });
});
