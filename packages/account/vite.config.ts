/** Builds the account pages into dist/pages/account of the gateway, which serves them under /account/. */
import { defineConfig } from 'vite';
import { pagesConfig } from '../pages/vite-config.ts';
import { paths } from './src/paths.ts';

export default defineConfig(
  pagesConfig({
    name: 'account',
    paths,
    operations: ['packages/client/src/generated/operations.ts'],
    smallBytes: 2_000,
  }),
);
