/**
 * Fails when a production dependency has a licence outside the list: `node deploy/release/licences.ts [SBOM]`. Without a file it
 * asks npm for the SBOM (CycloneDX) of the installed packages.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';
import { z } from 'zod';

const allowed = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
];
const schema = z.object({
  components: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      licenses: z
        .array(z.union([z.object({ license: z.object({ id: z.string() }) }), z.object({ expression: z.string() })]))
        .default([]),
    }),
  ),
});

const arguments_ = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev'];
const [file] = process.argv.slice(2);
const sbom = file
  ? readFileSync(file, 'utf8')
  : execFileSync('npm', arguments_, { encoding: 'utf8', maxBuffer: 2 ** 26 });
const { components } = schema.parse(JSON.parse(sbom));
const problems = components.flatMap(({ name, version, licenses }) => {
  const found = licenses.map((entry) => ('license' in entry ? entry.license.id : entry.expression));
  const accepted = found.length > 0 && found.every((licence) => satisfies(licence, allowed));
  return accepted ? [] : [`${name}@${version}: ${found.join(', ') || 'no licence'}`];
});
const summary = `${components.length} packages, ${problems.length} without an accepted licence\n`;
process.stdout.write([...problems, summary].join('\n'));
process.exitCode = problems.length > 0 ? 1 : 0;
