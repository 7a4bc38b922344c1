/** `postern explain`: the query `explainAccess`, asked by the operator. */
import { Refusal } from '../domain/errors.ts';
import { operatorCaller } from '../domain/operator.ts';
import { explainAccess } from '../graphql/permissions/explain.ts';
import { withMigratedApp } from './connect.ts';
import { exitCodes, type Terminal, UsageError } from './terminal.ts';
import { findUser } from './users/find-user.ts';

export interface ExplainOptions {
  user: string;
  operation: string;
  session?: string;
  target?: string;
  json?: boolean;
}

/** @returns the exit code @throws UsageError */
export function explainOperation(terminal: Terminal, options: ExplainOptions): Promise<number> {
  const { user, operation, session: sessionId = null, target, json } = options;
  return withMigratedApp(terminal, async ({ app }) => {
    const unit = app.dependencies();
    const { id: userId } = await findUser(unit, user);
    const targetUserId = target === undefined ? null : (await findUser(unit, target)).id;
    const question = { userId, operation, sessionId, targetUserId };
    const explanation = await explainAccess(unit, operatorCaller(), question).catch(explained);
    if (json) terminal.out(JSON.stringify(explanation));
    else {
      terminal.out(`${explanation.operation}: ${explanation.allowed ? 'allowed' : 'denied'}`);
      for (const { kind, met, required, actual } of explanation.requirements)
        terminal.out(
          `${met ? 'met    ' : 'not met'}  ${kind.padEnd(13)}  ${required}${actual === null ? '' : `; is: ${actual}`}`,
        );
    }
    return explanation.allowed ? exitCodes.done : exitCodes.failed;
  });
}

function explained(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  if (error.code === 'NOT_FOUND') throw new UsageError('session not found: enter the id of a session of the user');
  throw new UsageError(
    error.options.fields?.map(({ path, message }) => `${path}: ${message}`).join(' ') ?? error.message,
  );
}
