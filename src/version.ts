/** The version of this package, read from the package.json that the compiled files are shipped with. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';

export const version = readVersion();

function readVersion(): string {
  const file = findPackageJSON(import.meta.url);
  const manifest: unknown = file === undefined ? null : JSON.parse(readFileSync(file, 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}
