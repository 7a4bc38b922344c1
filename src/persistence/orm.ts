/** How Postern connects to PostgreSQL. The deadlines here are what keeps a hung database from hanging every request. */
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM, type Options } from '@mikro-orm/postgresql';
import { migrationsList } from '../../migrations/index.ts';
import { AccessDenial } from './entities/access-denial.ts';
import { AttemptCounter } from './entities/attempt-counter.ts';
import { AuditAnchor } from './entities/audit-anchor.ts';
import { AuditCheckpoint } from './entities/audit-checkpoint.ts';
import { AuditEntry } from './entities/audit-entry.ts';
import { AuditKey } from './entities/audit-key.ts';
import { AuditSeal } from './entities/audit-seal.ts';
import { BackupCode } from './entities/backup-code.ts';
import { FormerPassword } from './entities/former-password.ts';
import { MailToken } from './entities/mail-token.ts';
import { MailTokenAnswer } from './entities/mail-token-answer.ts';
import { MfaTicket } from './entities/mfa-ticket.ts';
import { OutboxMail } from './entities/outbox-mail.ts';
import { Passkey } from './entities/passkey.ts';
import { PasskeyChallenge } from './entities/passkey-challenge.ts';
import { Registration } from './entities/registration.ts';
import { Role } from './entities/role.ts';
import { SigningKey } from './entities/signing-key.ts';
import { TokenFamily } from './entities/token-family.ts';
import { TotpSecret } from './entities/totp-secret.ts';
import { User } from './entities/user.ts';
import { repairPool } from './pool-repair.ts';

export interface DatabaseOptions {
  url: string;
  poolMax: number;
}

/** All in milliseconds. Together they answer within the two seconds that clients are promised (api.md, SERVICE_UNAVAILABLE). */
const deadlines = {
  connectionTimeoutMillis: 1500,
  statement_timeout: 5000,
  query_timeout: 1900,
  lock_timeout: 1500,
  idle_in_transaction_session_timeout: 10_000,
} as const;

export function ormOptions({ url, poolMax }: DatabaseOptions, driverOptions = {}): Options {
  return defineConfig({
    clientUrl: url,
    pool: { min: 0, max: poolMax },
    driverOptions: { application_name: 'postern', keepAlive: true, onPoolCreated: repairPool, ...driverOptions },
    entities: [
      Role,
      User,
      Registration,
      MailToken,
      MailTokenAnswer,
      FormerPassword,
      TokenFamily,
      SigningKey,
      AuditEntry,
      AuditSeal,
      AuditCheckpoint,
      AuditAnchor,
      AuditKey,
      OutboxMail,
      AttemptCounter,
      AccessDenial,
      TotpSecret,
      BackupCode,
      MfaTicket,
      Passkey,
      PasskeyChallenge,
    ],
    extensions: [Migrator],
    migrations: {
      migrationsList,
      path: 'dist/migrations',
      pathTs: 'migrations',
      snapshot: false,
      tableName: 'schema_migrations',
      allOrNothing: true,
    },
    forceUtcTimezone: true,
    // One request, one fork; nothing may be read through the global entity manager by mistake.
    allowGlobalContext: false,
    ensureDatabase: false,
    debug: false,
    logger: () => undefined,
  });
}

/** Opens no connection yet: the first query does. */
export function createOrm(options: DatabaseOptions): MikroORM {
  return new MikroORM(ormOptions(options, deadlines));
}
