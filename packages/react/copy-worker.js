/** Copies the worker of altcha that computes SCRYPT beside the compiled module that starts it, with its licence. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const source = new URL(import.meta.resolve('altcha/workers/scrypt'));
const target = new URL('dist/captcha/scrypt-worker.js', import.meta.url);
const [worker, licence] = await Promise.all([
  readFile(source, 'utf8'),
  readFile(new URL('../../LICENSE.txt', source), 'utf8'),
]);
const notice = `The SCRYPT worker of altcha, https://altcha.org. It contains hash-wasm, Copyright (c) 2020 Dani Biró.\n\n${licence.trim()}`;
await writeFile(fileURLToPath(target), `/*!\n${notice}\n*/\n${worker}`);
