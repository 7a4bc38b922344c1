/** Builds the console into dist/pages/console of the gateway, which serves it under /console/. */
import { defineConfig } from 'vite';
import { pagesConfig } from '../pages/vite-config.ts';
import { paths } from './src/paths.ts';

export default defineConfig(
  pagesConfig({
    name: 'console',
    paths,
    operations: ['packages/client/src/generated/operations.ts', 'packages/console/src/generated/operations.ts'],
    smallBytes: 12_000,
  }),
);
