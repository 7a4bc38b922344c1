/** The refused Node.js versions, and that package.json declares the same minimum. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeProblem } from '../../src/node-version.ts';

const root = resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));

test.each(['18.20.8', '20.20.2', '21.7.3', '22.0.0', '22.16.9'])('Node.js %s is refused in one sentence', (version) => {
  const problem = nodeProblem(version);
  expect(problem).toContain(`Node.js ${version} is not supported: install Node.js 22.17 or newer`);
  expect(problem).not.toContain('\n');
});

test.each(['22.17.0', '22.22.1', '23.1.0', '24.21.0', '100.0.0'])('Node.js %s is accepted', (version) => {
  expect(nodeProblem(version)).toBeNull();
});

describe('package.json', () => {
  test('declares the oldest accepted version', () => {
    expect(manifest.engines.node).toBe('>=22.17');
  });

  test.each(['README.md', 'docs/getting-started.md', 'docs/operations.md'])('%s names the same version', (file) => {
    expect(readFileSync(resolve(root, file), 'utf8')).toContain('Node 22.17 or newer');
  });
});
