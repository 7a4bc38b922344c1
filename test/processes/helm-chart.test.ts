/** The Helm chart, linted and rendered by Helm itself. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { helm } from '../support/processes/helm.ts';

const deploy = resolve(import.meta.dirname, '../../deploy');
const chart = resolve(deploy, 'helm/postern');
const image = ['--set', 'image=registry.example.com/postern:v0.1.0'];

test('the linter accepts the chart', { timeout: 180_000 }, async () => {
  expect(await helm('lint', '--strict', chart, ...image)).toContain('0 chart(s) failed');
});

test('deploy/kubernetes/postern.yaml is the rendered chart', { timeout: 180_000 }, async () => {
  const rendered = await helm('template', 'postern', chart, ...image);
  expect(await readFile(resolve(deploy, 'kubernetes/postern.yaml'), 'utf8')).toBe(rendered);
});

test('the chart without an image names the missing value', { timeout: 180_000 }, async () => {
  await expect(helm('template', 'postern', chart)).rejects.toThrow('image is required');
});
