/** docs/configuration.md against the settings that the gateway reads. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { settingNames } from '../../src/config/config.ts';

test('The configuration guide lists exactly the settings that the gateway reads', async () => {
  const guide = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  const rows = guide.split('\n').filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) =>
    [...(row.split('|')[1] ?? '').matchAll(/`([A-Z0-9_]+)`/g)].map(([, name]) => name),
  );
  expect(documented.toSorted()).toEqual([...settingNames].toSorted());
});
