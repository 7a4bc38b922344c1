/** `postern hooks check`: calls each hook of HOOKS with a sample. It needs no database. */
import { checkConfiguredHooks } from '../app/hooks.ts';
import { readConfig } from '../config/config.ts';
import { createLogger } from '../logger.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export async function runHooksCheck(terminal: Terminal): Promise<number> {
  const checked = await checkConfiguredHooks(readConfig(), createLogger('silent', process.stderr));
  if (checked.length === 0) terminal.out('No hook is configured: set HOOKS.');
  for (const { point, problem, decision } of checked)
    terminal.out(`${problem === null ? 'ok  ' : 'fail'}  ${point.padEnd(15)}  ${problem ?? `answers ${decision}`}`);
  return checked.every(({ problem }) => problem === null) ? exitCodes.done : exitCodes.failed;
}
