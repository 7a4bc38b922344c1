import { defineConfig } from 'vitest/config';

/** These hold a clock in their hand, or need many callers at the same moment: what else runs would be what they measure. */
const alone = [
  ...['outages', 'races', 'browser'].map((folder) => `${folder}/**/*.test.ts`),
  'processes/two-instances.test.ts',
];

export default defineConfig({
  // graphql ships two builds; Node's own resolution takes this one everywhere, a bundler's would mix them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    root: import.meta.dirname,
    globalSetup: ['support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'together', exclude: [...alone, '**/node_modules/**'], maxWorkers: 2 },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
