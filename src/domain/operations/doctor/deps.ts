/** What the checks of `postern doctor` take. app/doctor.ts builds it from the configuration. */
import type { Pooler } from '../../../persistence/connection/database-url.ts';
import type { EntityManager } from '../../../persistence/entity-manager.ts';
import type { Sealer } from '../../../security/keys/sealing.ts';
import type { DatabaseClock } from '../../database-clock.ts';
import type { ReadReplica } from '../../read-replica.ts';
import type { SigningKeys } from '../../sessions/signing-keys/signing-keys.ts';
import type { Finding } from './finding.ts';

export interface DoctorDatabase {
  /** Returns a new unit of work. */
  fork(): EntityManager;
  pooler: Pooler;
  /** Whether its host is this machine, or an address or a name of a private network. */
  isPrivate: boolean;
  /** Measured. */
  clock: DatabaseClock;
  /** null: DATABASE_READ_URL is not set. */
  replica: ReadReplica | null;
  pendingMigrations(): Promise<string[]>;
  sealer: Sealer;
  signingKeys: SigningKeys;
  /** KEY_ROTATION. */
  rotationSeconds: number;
}

export interface RedisState {
  /** Why a count cannot be stored, such as `READONLY` or `no connection`; null: it can. */
  problem: string | null;
  /** `master` or `slave`; null: not known. */
  role: string | null;
  evictionPolicy: string | null;
  isEncrypted: boolean;
  isPrivate: boolean;
}

export interface LocationState {
  /** The files of GEOIP_DATABASE and ASN_DATABASE that are set. */
  files: readonly { setting: string; builtAt: Date }[];
  /** Whether RISK_RULES refuses every network of ADMIN_IP_ALLOWLIST. */
  locksAdministratorsOut: boolean;
}

export interface DoctorDeps {
  production: boolean;
  publicUrl: string;
  trustedProxies: readonly string[];
  /** One sentence: what is wrong with the database and, after a colon, what to do. */
  explain(error: unknown): string;
  settings(): Finding[];
  /** All checks share the first connection to it. @throws the error of that connection */
  database(): Promise<DoctorDatabase>;
  /** A GET request to a path below PUBLIC_URL; checks that ask for the same path share the answer. @throws OutboundUnavailable */
  ask(path: string): Promise<Response>;
  /** The end of the certificate of PUBLIC_URL. */
  certificateEnd(): Promise<Date>;
  /** null: REDIS_URL is not set. */
  redis: (() => Promise<RedisState>) | null;
  /** Signs in to the mail server and, with --mail-to, sends a mail. Null: SMTP_URL is not set. */
  smtp: (() => Promise<string | null>) | null;
  /** Asks the service that sends text messages; the code of its refusal, or null. Null: SMS_PROVIDER is not set. */
  sms: { provider: string; problem(): Promise<string | null> } | null;
  /** The identity providers that users can sign in with; those of the database, where it can be read. */
  providers(): Promise<readonly { slug: string; problems(): Promise<readonly { message: string }[]> }[]>;
  /** The location files. @throws Error with one sentence when one of them cannot be read */
  locations(): Promise<LocationState>;
  /** null: CAPTCHA is off. `problem`: why a hosted service verifies no tokens; null: no service is hosted. */
  captcha: { provider: string; problem: (() => Promise<string | null>) | null } | null;
  /** Calls each hook with a sample. */
  hooks(): Promise<readonly { point: string; problem: string | null }[]>;
  /** Whether a hook delivers the mails. */
  hasMailHook: boolean;
  /** Whether --mail-to is given. */
  sendsMail: boolean;
}
