/** Serves the example, and passes requests for the API on to the gateway, so that its cookies belong to the page. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // graphql ships two builds; a bundler would mix them.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.mjs' }] },
  server: { proxy: { '/graphql': 'http://localhost:4000' } },
});
