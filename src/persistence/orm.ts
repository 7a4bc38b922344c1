/** The options of MikroORM: entities, migrations, and the deadlines that end requests to a database that hangs. */
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM, type Options } from '@mikro-orm/postgresql';
import type { ClientBase, PoolConfig } from 'pg';
import { migrationsList } from '../../migrations/index.ts';
import { type Trace, untraced } from '../trace.ts';
import { AccessDenial } from './access/access-denial.ts';
import { MailToken } from './access/mail-token.ts';
import { MailTokenAnswer } from './access/mail-token-answer.ts';
import { Role } from './access/role.ts';
import { SpentToken } from './access/spent-token.ts';
import { ImportedUser } from './accounts/imported-user.ts';
import { Registration } from './accounts/registration.ts';
import { User } from './accounts/user.ts';
import { ApiKey } from './applications/api-key.ts';
import { ServiceAccount } from './applications/service-account.ts';
import { ServiceAccountSecret } from './applications/service-account-secret.ts';
import { AttemptCounter } from './attempts/attempt-counter.ts';
import { AuditActivity } from './audit/audit-activity.ts';
import { AuditActivityProgress } from './audit/audit-activity-progress.ts';
import { AuditAnchor } from './audit/audit-anchor.ts';
import { AuditCheckpoint } from './audit/audit-checkpoint.ts';
import { AuditEntry } from './audit/audit-entry.ts';
import { AuditKey } from './audit/audit-key.ts';
import { AuditSeal } from './audit/audit-seal.ts';
import { BoundDriver } from './connection/bound-connection.ts';
import { type DatabaseSettings, readDatabaseUrl } from './connection/database-url.ts';
import { ConnectionPool } from './connection/pool.ts';
import { type Deadlines, localSettings, prepareSession } from './connection/session-settings.ts';
import { StoredEvent } from './events/stored-event.ts';
import { BackupCode } from './factors/backup-code.ts';
import { Passkey } from './factors/passkey.ts';
import { PasskeyChallenge } from './factors/passkey-challenge.ts';
import { Phone } from './factors/phone.ts';
import { TotpSecret } from './factors/totp-secret.ts';
import { FederatedFlow } from './identities/federated-flow.ts';
import { FederatedProvider } from './identities/federated-provider.ts';
import { Identity } from './identities/identity.ts';
import { ProviderTest } from './identities/provider-test.ts';
import { OutboxMail } from './mail/outbox-mail.ts';
import { FormerPassword } from './passwords/former-password.ts';
import { AccountHabits } from './risk/account-habits.ts';
import { SigningKey } from './sessions/signing-key.ts';
import { TokenFamily } from './sessions/token-family.ts';
import { CodeFlow } from './sign-in/code-flow.ts';
import { MfaTicket } from './sign-in/mfa-ticket.ts';
import { SmsCounter } from './sms/sms-counter.ts';
import { SmsMessage } from './sms/sms-message.ts';
import { Webhook } from './webhooks/webhook.ts';
import { WebhookDelivery } from './webhooks/webhook-delivery.ts';

export interface DatabaseOptions extends DatabaseSettings {
  poolMax: number;
  trace?: Trace;
}

/** Milliseconds. With them a request ends within two seconds, as docs/api.md promises for SERVICE_UNAVAILABLE. */
export const requestDeadlines: Deadlines = {
  connect: 1500,
  statement: 5000,
  query: 1900,
  lock: 1500,
  idleInTransaction: 10_000,
};

/** Milliseconds. Shorter, so that the primary can serve the same request. */
const replicaDeadlines: Deadlines = { ...requestDeadlines, connect: 500, statement: 1000, query: 1000 };

/** Milliseconds. For work in the background: a batch of a large table takes longer. */
const maintenanceDeadlines: Deadlines = {
  connect: 5000,
  statement: 60_000,
  query: 65_000,
  lock: 1500,
  // The transaction that holds the lock of a run is idle during the whole run.
  idleInTransaction: 3_600_000,
};

const entities = [
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
  AuditActivity,
  AuditActivityProgress,
  AuditAnchor,
  AuditKey,
  OutboxMail,
  AttemptCounter,
  AccessDenial,
  TotpSecret,
  BackupCode,
  MfaTicket,
  CodeFlow,
  Passkey,
  PasskeyChallenge,
  Phone,
  SmsMessage,
  SmsCounter,
  Identity,
  FederatedFlow,
  FederatedProvider,
  ProviderTest,
  ServiceAccount,
  ServiceAccountSecret,
  ImportedUser,
  ApiKey,
  AccountHabits,
  SpentToken,
  StoredEvent,
  Webhook,
  WebhookDelivery,
];

const migrations = {
  migrationsList,
  path: 'dist/migrations',
  pathTs: 'migrations',
  snapshot: false,
  tableName: 'schema_migrations',
  allOrNothing: true,
};

/** @throws DatabaseUrlError */
export function ormOptions(
  database: DatabaseOptions,
  deadlines: Deadlines,
  clientOptions: PoolConfig = {},
  connections = new ConnectionPool(readDatabaseUrl(database)),
): Options {
  const { client, schema, writableOnly } = readDatabaseUrl(database);
  const pooler = database.pooler ?? 'none';
  const session = { deadlines, schema, writableOnly, pooler };
  const driverOptions = {
    pooler,
    trace: database.trace ?? untraced,
    transactionStart: pooler === 'transaction' ? localSettings(deadlines) : null,
    connectionTimeoutMillis: deadlines.connect,
    query_timeout: deadlines.query,
    ...client,
    onConnect: (created: ClientBase) => prepareSession(created, session),
    ...connections.options,
    ...clientOptions,
  };
  return defineConfig({
    driver: BoundDriver,
    dbName: client.database,
    pool: { min: 0, max: database.poolMax },
    driverOptions: () => driverOptions,
    entities,
    extensions: [Migrator],
    migrations,
    forceUtcTimezone: true,
    // Each request has its own fork. The global entity manager would share entities between requests.
    allowGlobalContext: false,
    ensureDatabase: false,
    debug: false,
    logger: () => undefined,
  });
}

export interface OpenedOrm {
  orm: MikroORM;
  connections: ConnectionPool;
}

/**
 * The first query opens the first connection.
 * @param onWait receives the seconds of each request that found no idle connection
 */
export function createOrm(options: DatabaseOptions, onWait?: (seconds: number) => void): OpenedOrm {
  return open(options, requestDeadlines, onWait);
}

/** One connection holds the lock of a run, the others work. */
export function createMaintenanceOrm(database: DatabaseSettings): OpenedOrm {
  return open({ ...database, poolMax: 3 }, maintenanceDeadlines);
}

/** For lists. What fails here is read from the primary. */
export function createReplicaOrm(options: DatabaseOptions): OpenedOrm {
  return open(options, replicaDeadlines);
}

function open(database: DatabaseOptions, deadlines: Deadlines, onWait?: (seconds: number) => void): OpenedOrm {
  const connections = new ConnectionPool(readDatabaseUrl(database), onWait);
  return { orm: new MikroORM(ormOptions(database, deadlines, {}, connections)), connections };
}
