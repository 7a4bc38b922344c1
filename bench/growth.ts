/**
 * `npm run bench:growth -- [scale]`: how much slower is each operation in a full database than in a nearly empty one? Scale
 * 1 (default) makes 1,000,000 users, 5,000,000 sessions and 10,000,000 audit entries; 0.1 takes minutes. Both databases
 * are in one server, and the measurements alternate between them. Then it measures sealing, clean-up and verification in
 * the full one. Asserts nothing. `--only text` measures the operations whose names contain it, and nothing else.
 * `--data folder` keeps the databases there and uses those that an earlier run kept.
 */
import { parseArgs } from 'node:util';
import { measureBackground } from './growth/background.ts';
import { compare } from './growth/compare.ts';
import { type Ending, openPlace, startServer } from './growth/place.ts';
import type { Counts } from './growth/rows.ts';

const { values: options, positionals } = parseArgs({
  options: { only: { type: 'string', default: '' }, data: { type: 'string' } },
  allowPositionals: true,
});
const scale = Number(positionals[0] ?? 1);
/** The nearly empty database: enough to fill a page of each list. */
const few: Counts = { users: 5000, sessions: 25_000 };
const many: Counts = { users: 1_000_000 * scale, sessions: 5_000_000 * scale };

const ending: Ending = [];
try {
  const server = await startServer(options.data ?? null, ending);
  const empty = await openPlace(server, { name: 'few', counts: few }, ending);
  const full = await openPlace(server, { name: 'many', counts: many }, ending);
  await compare(empty, full, server.pid, options.only);
  if (options.only === '') await measureBackground(full);
} finally {
  for (const end of ending.reverse()) await end();
}
