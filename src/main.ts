#!/usr/bin/env node
/** The executable. Refuses an unsupported Node.js before it loads anything else: argon2's binary crashes on Node 20. */
import { setFlagsFromString } from 'node:v8';
import { applyMemorySettings } from './memory-settings.ts';
import { nodeProblem } from './node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem === null) {
  // An import of a million users makes as much garbage as many requests.
  if (/^(?:serve|users (?:import|export))\b/.test(process.argv.slice(2, 4).join(' '))) applyMemorySettings();
  // V8 collects garbage when the heap has grown by a fifth, instead of by up to its whole size.
  setFlagsFromString('--heap-growing-percent=20');
  const { run } = await import('./cli/process.ts');
  await run();
} else {
  process.stderr.write(`postern: ${problem}\n`);
  process.exitCode = 2;
}
