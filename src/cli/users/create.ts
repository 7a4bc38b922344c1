/** `postern users create`. */
import { createUserAsOperator } from '../../domain/administration/create-user-as-operator.ts';
import { type FieldProblem, Refusal } from '../../domain/errors.ts';
import { invalidEmail, normaliseEmail } from '../../domain/text/email-address.ts';
import { withMigratedApp } from '../connect.ts';
import { firstLine } from '../first-line.ts';
import { exitCodes, type Terminal } from '../terminal.ts';

export interface NewUser {
  email: string;
  role: string;
  passwordStdin?: boolean;
}

/** @returns the exit code */
export async function createUser(terminal: Terminal, { email, role, passwordStdin }: NewUser): Promise<number> {
  // Before a database is opened.
  if (normaliseEmail(email) === null) return report(terminal, [invalidEmail('email')]);
  const password = passwordStdin ? await firstLine(terminal.input) : null;
  return withMigratedApp(terminal, async ({ app, config, database }) => {
    try {
      const user = await createUserAsOperator(app.dependencies(), { email, role, password });
      terminal.out(`Created ${user.email} (${user.id}) in ${database}.`);
      if (user.token !== null) {
        terminal.out(`Give this link to the user. It is valid for one use, until ${user.expiresAt.toISOString()}:`);
        terminal.out(`${config.mail.appUrl}/accept-invitation#token=${user.token}`);
      }
      return exitCodes.done;
    } catch (error) {
      if (!(error instanceof Refusal) || !error.options.fields) throw error;
      return report(terminal, error.options.fields);
    }
  });
}

function report(terminal: Terminal, fields: readonly FieldProblem[]): number {
  for (const { path, message } of fields) terminal.error(`postern: ${path}: ${message}`);
  return fields.some(({ path }) => path !== 'password') ? exitCodes.usage : exitCodes.failed;
}
