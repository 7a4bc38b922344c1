/** The arguments of `postern audit …`. */
import { type Command, InvalidArgumentError } from 'commander';
import { type Answer, exitCodes, type Terminal } from '../terminal.ts';

interface VerifyOptions {
  file?: string;
  publicKey?: string[];
  checkpoint?: string | null;
}

export function registerAudit(program: Command, terminal: Terminal, answer: Answer): void {
  const audit = program.command('audit').description('verify and export the audit trail');
  registerVerify(audit, terminal, answer);
  registerExport(audit, terminal);
  audit
    .command('key')
    .description('print the public key of checkpoints; store it outside the database')
    .action(async () => (await work()).printAuditKey(terminal));
  audit
    .command('checkpoint')
    .description('seal the newest entries and print the newest checkpoint; store it outside the database')
    .action(async () => (await work()).printAuditCheckpoint(terminal));
}

function registerVerify(audit: Command, terminal: Terminal, answer: Answer): void {
  audit
    .command('verify')
    .description(
      'verify the whole trail; name the first entry that was changed, removed, inserted or moved, and exit 1',
    )
    .option('--file <path>', 'verify an export instead of the database: needs no database and no configuration')
    .option('--public-key <path...>', 'trust only these keys: files with the output of "postern audit key"')
    .option('--checkpoint <path>', 'a stored checkpoint: detects a restored backup and removed entries')
    .action(async ({ file, publicKey = [], checkpoint = null }: VerifyOptions) => {
      const trust = { publicKeys: publicKey, checkpoint };
      const { verifyAudit, verifyAuditFile } = await work();
      const isWhole = file ? await verifyAuditFile(terminal, file, trust) : await verifyAudit(terminal, trust);
      answer(isWhole ? exitCodes.done : exitCodes.failed);
    });
}

function registerExport(audit: Command, terminal: Terminal): void {
  audit
    .command('export')
    .description('print the trail with its proofs as JSON lines; contains personal data')
    .option('--since <time>', 'only entries from this time, for example 2026-01-31 or 2026-01-31T12:00:00Z', timeFrom)
    .action(async ({ since }: { since?: Date }) => (await work()).exportAudit(terminal, since ?? null));
}

const work = () => import('../audit.ts');

function timeFrom(text: string): Date {
  const time = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('Enter a time, for example 2026-01-31 or 2026-01-31T12:00:00Z.');
}
