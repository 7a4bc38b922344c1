/** `postern users list`, `show` and the changes: the verbs of the GraphQL API, called by the operator. */
import type { AccountDeps } from '../../domain/accounts/deps.ts';
import { resetUserMfa, revokeUserSessions, setUserRole, unlockUser } from '../../domain/administration/user-access.ts';
import type { Instruction } from '../../domain/administration/user-change.ts';
import { reactivateUser, suspendUser } from '../../domain/administration/user-status.ts';
import { listUsers as findUsers, type ManagedUser, type UserStatus } from '../../domain/administration/users.ts';
import { findSignInLocks } from '../../domain/attempts/sign-in-locks.ts';
import type { Caller } from '../../domain/caller.ts';
import { Refusal } from '../../domain/errors.ts';
import { mfaStatusesOf } from '../../domain/factors/mfa-status.ts';
import { operatorCaller } from '../../domain/operator.ts';
import { withMigratedApp } from '../connect.ts';
import type { Terminal } from '../terminal.ts';
import { findUser } from './find-user.ts';

type Administered = (deps: AccountDeps, caller: Caller, instruction: Instruction) => Promise<ManagedUser>;

interface Output {
  json?: boolean;
}

interface ChangeOptions extends Output {
  reason?: string;
}

interface ListOptions extends Output {
  email?: string;
  role?: string;
  status?: UserStatus;
  limit: number;
  after?: string;
}

const changes = {
  unlock: unlockUser,
  'reset-mfa': resetUserMfa,
  'revoke-sessions': revokeUserSessions,
  suspend: suspendUser,
  reactivate: reactivateUser,
} satisfies Record<string, Administered>;

/** By the name of its command. */
export type Change = keyof typeof changes;

/** The text for the operator in place of the code of a refusal in the audit trail. */
const details: Readonly<Record<string, string>> = {
  last_super_admin: 'This is the last SUPER_ADMIN. Assign the role to another user first.',
};

export async function listUsers(terminal: Terminal, options: ListOptions): Promise<void> {
  const { json, limit: first, after, email, role, status } = options;
  await withMigratedApp(terminal, async ({ app }) => {
    const order = { field: 'EMAIL', direction: 'ASC' } as const;
    const page = await findUsers(app.dependencies(), { first, after }, { email, role, status }, order);
    const next = page.hasNextPage ? (page.edges.at(-1)?.cursor ?? null) : null;
    if (json) return terminal.out(JSON.stringify({ users: page.nodes, next }));
    for (const user of page.nodes) terminal.out(lineOf(user));
    if (next !== null) terminal.out(`More: --after ${next}`);
  });
}

export async function showUser(terminal: Terminal, text: string, { json }: Output): Promise<void> {
  await withMigratedApp(terminal, async ({ app }) => {
    const deps = app.dependencies();
    const user = await findUser(deps, text);
    const [lockedUntil = null] = await findSignInLocks(deps, [user.email]);
    const [mfa] = await mfaStatusesOf(deps, [user]);
    const shown = { ...user, lockedUntil, secondFactors: mfa?.methods ?? [] };
    if (json) return terminal.out(JSON.stringify(shown));
    for (const [name, value] of Object.entries(shown)) terminal.out(`${name}: ${textOf(value)}`);
  });
}

export function changeUser(terminal: Terminal, text: string, options: ChangeOptions, change: Change): Promise<void> {
  return administer(terminal, text, options, changes[change]);
}

export function setRole(terminal: Terminal, text: string, options: ChangeOptions, role: string): Promise<void> {
  return administer(terminal, text, options, (deps, caller, instruction) =>
    setUserRole(deps, caller, { ...instruction, role }),
  );
}

async function administer(
  terminal: Terminal,
  text: string,
  { reason, json }: ChangeOptions,
  change: Administered,
): Promise<void> {
  await withMigratedApp(terminal, async ({ app, database }) => {
    const deps = app.dependencies();
    const { id: userId } = await findUser(deps, text);
    const changed = await change(deps, operatorCaller(), { userId, reason }).catch(explained);
    terminal.out(json ? JSON.stringify(changed) : `${lineOf(changed)}\nChanged ${database}.`);
  });
}

function explained(error: unknown): never {
  if (!(error instanceof Refusal)) throw error;
  const sentences = [
    ...(error.options.fields?.map(({ path, message }) => `${path}: ${message}`) ?? [error.message]),
    details[error.options.detail ?? ''] ?? error.options.detail,
  ];
  throw new Error(sentences.filter(Boolean).join(' '), { cause: error });
}

function lineOf({ id, email, roleName, status }: ManagedUser): string {
  return `${id}  ${status.padEnd(9)}  ${roleName.padEnd(11)}  ${email}`;
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value ?? 'none');
}
