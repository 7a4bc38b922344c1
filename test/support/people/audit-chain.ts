/** An app without a server on the database of a test: it seals and verifies the audit trail. */

import { type App, createApp } from '../../../src/app/app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { purgeDeletedAccounts } from '../../../src/domain/accounts/account-purge.ts';
import { createUserAsOperator } from '../../../src/domain/administration/create-user-as-operator.ts';
import { checkIntegrity, type Integrity, type IntegrityRequest } from '../../../src/domain/audit/integrity.ts';
import { readOwnKeyring } from '../../../src/domain/audit/keys.ts';
import { createLogger } from '../../../src/logger.ts';
import type { TestClock } from '../gateway/clock.ts';
import type { TestDatabase } from '../gateway/database.ts';
import { testSecret } from '../gateway/gateway.ts';
import { until } from '../races/until.ts';

export interface AuditApp extends App {
  logs: readonly string[];
  /** Invites users, which writes one entry for each. */
  write(count: number): Promise<void>;
  /** Purges the account that the entry is about, as if its deletion were 31 days ago. */
  purgeTargetOf(sequence: number): Promise<void>;
  /** Repeats until no entry waits: transactions of other tests in the same server delay the horizon. */
  sealAll(): Promise<void>;
  integrity(request?: Partial<IntegrityRequest>): Promise<Integrity>;
}

const timeoutMs = 30_000;
let serial = 0;

export async function openAuditApp(
  database: TestDatabase,
  clock: TestClock,
  environment: Record<string, string> = {},
): Promise<AuditApp> {
  const logs: string[] = [];
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: database.url, SECRET: testSecret, ...environment });
  const auditApp = await createApp(config, {
    clock,
    logger: createLogger('trace', { write: (line) => logs.push(line) }),
  });
  async function integrity(request: Partial<IntegrityRequest> = {}): Promise<Integrity> {
    const { em } = auditApp.dependencies();
    const keyring = await readOwnKeyring(em, auditApp.sealer);
    return checkIntegrity(em, { keyring, newest: null, ...request });
  }
  return {
    ...auditApp,
    logs,
    integrity,
    async sealAll() {
      const isDone = async () => {
        await auditApp.auditSealing.seal();
        return (await integrity()).waiting === 0;
      };
      await until('the last seal', isDone, timeoutMs);
    },
    async purgeTargetOf(sequence) {
      const deletedAt = new Date(clock.now().getTime() - 31 * 24 * 60 * 60 * 1000);
      await database.query(
        `update users set status = 'DELETED', deleted_at = $2
         where id::text = (select target_id from audit_entries join audit_seals on entry_id = id where seq = $1)`,
        [sequence, deletedAt],
      );
      if ((await purgeDeletedAccounts(auditApp.dependencies())) !== 1) throw new Error('not one account was purged');
    },
    async write(count) {
      for (let i = 0; i < count; i += 1) {
        serial += 1;
        const email = `written${serial}@example.com`;
        await createUserAsOperator(auditApp.dependencies(), { email, role: 'USER', password: null });
      }
    },
  };
}
