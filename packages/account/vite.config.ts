/** Builds the account pages into dist/pages/account of the gateway, which serves the files under /account/. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: '/account/',
  plugins: [react()],
  // graphql ships two builds; a bundler would mix them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.mjs' }] },
  build: {
    outDir: '../../dist/pages/account',
    emptyOutDir: true,
    manifest: true,
    // The policy of the pages allows no data: fonts or scripts.
    assetsInlineLimit: 0,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // Its inline script would violate the Content-Security-Policy.
    modulePreload: { polyfill: false },
  },
});
