import { defineConfig } from 'vitest/config';

export default defineConfig({
  // graphql ships two builds; Node's own resolution takes this one everywhere, a bundler's would mix them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    root: import.meta.dirname,
    globalSetup: ['support/global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
});
