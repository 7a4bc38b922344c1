#!/usr/bin/env node
/** The executable. Refuses an unsupported Node.js before it loads anything else: argon2's binary crashes on Node 20. */
import { nodeProblem } from './node-version.ts';

const problem = nodeProblem(process.versions.node);
if (problem === null) {
  const { run } = await import('./cli/process.ts');
  await run();
} else {
  process.stderr.write(`postern: ${problem}\n`);
  process.exitCode = 2;
}
