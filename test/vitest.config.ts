import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** The sources of a package: without a build, and with the same copy of graphql. */
const source = (path: string) => fileURLToPath(new URL(`../packages/${path}`, import.meta.url));

const suites = (folder: string, names: string[]) => names.map((name) => `${folder}/${name}.test.ts`);

/** At most 15 seconds each. */
const quickProcesses = suites('processes', ['audit-guide', 'client-package', 'codegen-guide', 'verify-package']);
/** It repeats every operation once for each table: minutes. */
const leaks = 'integration/secret-leaks.test.ts';
/** At most 10 seconds each. */
const quickRaces = suites('races', [
  'administration',
  'audit-sealing',
  'brute-force',
  'invitations',
  'mfa',
  'passkeys',
  'password-reset',
  'step-up',
]);
/** Suites that measure time or need many callers at the same moment: no other suite runs at the same time. */
const alone = [...suites('outages', ['**/*']), ...suites('browser', ['**/*']), 'processes/two-instances.test.ts'];

/** `npm test` runs the projects named `quick…`, `npm run test:long` those named `long…`, `npm run test:chaos` the drills. */
export default defineConfig({
  // graphql ships two builds; Node's resolution uses this one everywhere, a bundler would mix them.
  resolve: {
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      { find: '@postern/verify', replacement: source('verify/src/verifier.ts') },
      { find: '@postern/gateway', replacement: source('gateway/src/gateway.ts') },
    ],
  },
  test: {
    root: import.meta.dirname,
    globalSetup: ['support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['unit/**/*.test.ts', 'integration/**/*.test.ts'],
          exclude: [leaks],
          maxWorkers: 2,
          // A worker loads the sources once, not once per suite: half of the CPU time.
          isolate: false,
        },
      },
      { extends: true, test: { name: 'quick-processes', include: quickProcesses, maxWorkers: 2 } },
      {
        extends: true,
        test: { name: 'quick-races', include: quickRaces, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: 'long-processes',
          include: ['processes/**/*.test.ts', leaks],
          exclude: [...quickProcesses, ...alone],
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'long-alone',
          include: ['races/**/*.test.ts', ...alone],
          exclude: quickRaces,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        // A drill prints its figures, and takes up to 90 seconds; an interrupted mail may add 140 seconds.
        test: { name: 'chaos', include: ['chaos/**/*.test.ts'], maxWorkers: 1, testTimeout: 270_000 },
      },
    ],
  },
});
