/** The arguments of `postern doctor`. */
import { type Command, Option } from 'commander';
import { checkNames } from '../../domain/operations/doctor/names.ts';
import type { DoctorCommand } from '../doctor.ts';
import type { Answer, Terminal } from '../terminal.ts';

export function registerDoctor(program: Command, terminal: Terminal, answer: Answer): void {
  const doctor = program
    .command('doctor')
    .description('check the settings and everything that the gateway depends on; exit 1 when a check fails')
    .option('--json', 'print JSON')
    .addOption(new Option('--only <name>', 'run one check').choices(checkNames))
    .option('--mail-to <address>', 'send a test mail to this address')
    .action(async (options: DoctorCommand) => answer(await (await work()).runDoctor(terminal, options)));
  doctor
    .command('database')
    .description('check the database, and print the SQL that corrects its problems, as a script for psql')
    .action(async () => answer(await (await work()).runDatabaseDoctor(terminal)));
}

const work = () => import('../doctor.ts');
