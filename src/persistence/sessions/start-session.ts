/**
 * Starts a session by one statement: it writes the session, its audit entry and event, the mail about a new device with its
 * token, and the counters of the attempt, or nothing.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { MailTokenRow } from '../access/mail-token.ts';
import { mailTokenRows } from '../access/mail-token-rows.ts';
import { type Settlement, settlementParts, settlementValues } from '../attempts/settle-attempts.ts';
import { type AuditRow, auditRows } from '../audit/audit-rows.ts';
import { type EventRow, eventRows } from '../events/event-rows.ts';
import { jsonTable } from '../json-rows.ts';
import type { LimitedMail } from '../mail/outbox-mail.ts';
import { outboxRows } from '../mail/outbox-rows.ts';
import { habits, type NewHabits, replaceHabits } from '../risk/habits.ts';
import type { RiskAssessment } from '../risk/risk-assessment.ts';
import { query } from '../statement.ts';
import { type SessionStateRow, sessionStateColumns } from './session-state.ts';
import type { AssuranceLevel, AuthMethod, ClaimsExt } from './token-family.ts';

export interface NewFamily {
  id: string;
  userId: string;
  generation: number;
  createdAt: Date;
  rotatedAt: Date;
  expiresAt: Date;
  absoluteExpiresAt: Date;
  slidingSeconds: number;
  authenticatedAt: Date;
  assurance: AssuranceLevel;
  provenPasskeyId: string | null;
  provenTotpUserId: string | null;
  provenBackupCodeId: string | null;
  provenPhoneId: string | null;
  methods: AuthMethod[];
  ipAddress: string | null;
  network: string | null;
  userAgent: string | null;
  deviceId: string;
  deviceName: string | null;
  country: string | null;
  city: string | null;
  risk: RiskAssessment | null;
  permissionsLimit: string[] | null;
  claimsExt: ClaimsExt | null;
}

export interface NewSession {
  family: NewFamily;
  audit: AuditRow;
  /** Null: other systems do not hear of it. */
  event: EventRow | null;
  /** Null: sign-ins are not assessed. */
  habits: NewHabits | null;
  /** Null: no mail is due. */
  notice: { mail: LimitedMail; token: MailTokenRow } | null;
}

const families = jsonTable<NewFamily>('token_families', {
  id: 'id',
  userId: 'user_id',
  generation: 'generation',
  createdAt: 'created_at',
  rotatedAt: 'rotated_at',
  expiresAt: 'expires_at',
  absoluteExpiresAt: 'absolute_expires_at',
  slidingSeconds: 'sliding_seconds',
  authenticatedAt: 'authenticated_at',
  assurance: 'assurance',
  provenPasskeyId: 'proven_passkey_id',
  provenTotpUserId: 'proven_totp_user_id',
  provenBackupCodeId: 'proven_backup_code_id',
  provenPhoneId: 'proven_phone_id',
  methods: 'methods',
  ipAddress: 'ip_address',
  network: 'network',
  userAgent: 'user_agent',
  deviceId: 'device_id',
  deviceName: 'device_name',
  country: 'country',
  city: 'city',
  risk: 'risk',
  permissionsLimit: 'permissions_limit',
  claimsExt: 'claims_ext',
});

/** The user before the counters, as in every transaction that locks both. */
const statement = {
  name: 'start_session',
  text: `with signed_in as (
      update users set last_login_at = $4 where id = $5 and ($6::xid is null or xmin = $6::xid) returning id
    ), f as (
      ${families.insert('$7', 'signed_in')} returning *
    ), audited as (
      ${auditRows.insert('$8', 'signed_in')}
    ), published as (
      ${eventRows.insert('$13', 'signed_in')}
    ), mailed as (
      ${outboxRows.insert('$9', 'signed_in')}
      where (select count(*) from outbox_mails m
             where m.recipient_hash = r.recipient_hash and m.kind = r.kind and m.created_at > $10) < $11
      returning id
    ), linked as (
      ${mailTokenRows.insert('$12', 'mailed')}
    ), learned as (
      ${habits.insert('$14', 'signed_in')} ${replaceHabits}
    ), ${settlementParts('select from signed_in')}
    select ${sessionStateColumns}
    from f join users u on u.id = f.user_id join roles r on r.name = u.role_name`,
};

/**
 * @param version of the user (sign-in-user.ts); null: the transaction has locked the user
 * @returns null when the user changed since that version: nothing was written
 */
export async function storeSession(
  em: EntityManager,
  { family, audit, event, habits: learned, notice }: NewSession,
  { version, settlements }: { version: string | null; settlements: readonly Settlement[] },
): Promise<SessionStateRow | null> {
  const [state] = await query<SessionStateRow>(em, statement, [
    ...settlementValues(settlements),
    family.createdAt,
    family.userId,
    version,
    families.valueOf([family]),
    auditRows.valueOf([audit]),
    outboxRows.valueOf(notice ? [notice.mail.row] : []),
    // Not null: the planner would see that no mail is due, and plan the statement again each time for that gain.
    notice?.mail.since ?? family.createdAt,
    notice?.mail.max ?? 0,
    mailTokenRows.valueOf(notice ? [notice.token] : []),
    eventRows.valueOf(event ? [event] : []),
    habits.valueOf(learned ? [learned] : []),
  ]);
  return state ?? null;
}
