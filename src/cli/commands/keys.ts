/** The arguments of `postern keys …`. */
import type { Command } from 'commander';
import type { Answer, Terminal } from '../terminal.ts';

export function registerKeys(program: Command, terminal: Terminal, answer: Answer): void {
  const keys = program.command('keys').description('manage the keys that sign access tokens');
  keys
    .command('list')
    .description('show every key and its state')
    .action(async () => (await work()).listKeys(terminal));
  keys
    .command('rotate')
    .description('activate the next key, after verifiers have had time to fetch it')
    .option('--force', 'rotate now, although verifiers that cache the key set may refuse new tokens for five minutes')
    .action(async ({ force = false }: { force?: boolean }) => (await work()).rotateKeys(terminal, force));
  keys
    .command('revoke')
    .description('revoke a key at once: its tokens are rejected and it leaves the key set; users stay signed in')
    .argument('<kid>', 'the key id of "postern keys list"')
    .action(async (kid: string) => answer(await (await work()).revokeKey(terminal, kid)));
}

const work = () => import('../keys.ts');
