/** The data export: everything stored about the user, no secret, and nothing about other users. */
import { describe, expect, test } from 'vitest';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  type SignedIn,
  signIn,
  startTestGateway,
  type TestGateway,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  BeginReauthenticationCodeDocument,
  ChangePasswordDocument,
  ExportMyDataDocument,
  RequestPasswordResetDocument,
  UpdateProfileDocument,
} from '../support/generated/graphql.ts';
import { everythingIsSent } from '../support/mail/mailbox.ts';
import { changeAddress, tokenForAddress } from '../support/people/address-change.ts';
import { createApiKey } from '../support/people/api-keys.ts';
import { auditTrail } from '../support/people/audit.ts';
import { answer, challenge, enrol } from '../support/people/authenticator.ts';
import { addPasskey } from '../support/people/passkeys.ts';
import { createUser, tryPassword } from '../support/people/password-attempts.ts';
import { beginPhone, newNumber } from '../support/people/phones.ts';

const hour = 60 * 60;
const newPassword = 'Marble 8 galaxies';

const gateway = useGateway({ ...lockoutOff, SMS_PROVIDER: 'log', SMS_COUNTRIES: 'DE' });

interface Export {
  account: Record<string, unknown>;
  passwords: { isSet: boolean; replacedAt: string[] };
  secondFactors: {
    totp: Record<string, unknown> | null;
    passkeys: Record<string, unknown>[];
    backupCodes: Record<string, unknown>[];
  };
  links: Record<string, unknown>[];
  sessions: Record<string, unknown>[];
  codes: Record<string, unknown>[];
  identities: Record<string, unknown>[];
  imports: Record<string, unknown>[];
  phones: Record<string, unknown>[];
  apiKeys: Record<string, unknown>[];
  habits: Record<string, unknown> | null;
  mails: { kind: string; state: string; createdAt: string; sentAt: string | null }[];
  events: Record<string, unknown>[];
}

async function exportOf(
  { accessToken }: { accessToken: string },
  since?: Date,
  at: TestGateway = gateway,
): Promise<Export> {
  const input = since ? { since: since.toISOString() } : {};
  const { exportMyData } = await at.send(ExportMyDataDocument, { input }, accessToken);
  return JSON.parse(JSON.stringify(exportMyData.data));
}

async function newPerson(): Promise<{ email: string; session: SignedIn }> {
  const email = await createUser(gateway);
  return { email, session: await signIn(gateway, email) };
}

/** A user with a row of every kind, each created through the API, except the identity, which needs a provider, and the import. */
async function traveller(): Promise<{ email: string; former: string; session: SignedIn }> {
  const user = await enrol(gateway);
  const { email: former, session } = user;
  await addPasskey(gateway, session);
  await gateway.send(BeginReauthenticationCodeDocument, {}, session.accessToken);
  await createApiKey(gateway, session.accessToken, { ipAllowlist: ['192.0.2.0/24'] });
  await answer(gateway, (await challenge(gateway, former)).ticket, user.backupCodes[0] ?? '', 'BACKUP_CODE');
  await gateway.send(UpdateProfileDocument, { input: { displayName: 'Ada', locale: 'de' } }, session.accessToken);
  await gateway.send(UpdateProfileDocument, { input: { locale: 'en' } }, session.accessToken);
  await tryPassword(gateway, former);
  const email = newAddress();
  await changeAddress(gateway, session, former, email);
  const input = { currentPassword: goodPassword, newPassword };
  await gateway.send(ChangePasswordDocument, { input }, session.accessToken);
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  await tokenForAddress(gateway, session, newAddress());
  await challenge(gateway, email, { password: newPassword });
  await everythingIsSent(gateway.database);
  await gateway.database.query(
    `insert into identities (id, user_id, provider_id, issuer, subject, email, linked_at, last_used_at)
     values (gen_random_uuid(), $1, gen_random_uuid(), 'https://id.example.com', 'subject-of-' || $2::text, $2, now(), now())`,
    [session.viewer.id, former],
  );
  await gateway.database.query(
    `insert into imported_users (source, external_id, user_id, import_id, imported_at)
     values ('auth0', 'auth0|' || $1, $1::uuid, gen_random_uuid(), now())`,
    [session.viewer.id],
  );
  return { email, former, session };
}

/** A column: its name in the export, the conversion of its value, or the reason why it is omitted. */
type Column = string | { as: string; sql: string } | { withheld: string };
const secret = { withheld: 'a secret, or what a secret is checked with' };
const key = { withheld: 'says only whose row it is' };
const base64url = (column: string, as: string) => ({
  as,
  sql: `translate(encode(${column}, 'base64'), E'+/=\\n', '-_')`,
});
const withheldInternals = { withheld: 'internal to the gateway, not about the user' };

/** Every table that refers to users by id, with every column. Each new column must be added here. */
const tables: Record<string, { rowsIn(data: Export): Record<string, unknown>[]; columns: Record<string, Column> }> = {
  users: {
    rowsIn: ({ account }) => [account],
    columns: {
      id: 'id',
      email: 'email',
      email_verified_at: 'emailVerifiedAt',
      display_name: 'displayName',
      password_hash: secret,
      password_set_at: 'passwordSetAt',
      role_name: 'role',
      status: 'status',
      created_at: 'createdAt',
      updated_at: 'updatedAt',
      last_login_at: 'lastLoginAt',
      devices_trusted_since: 'devicesTrustedSince',
      mfa_enabled_at: 'mfaEnabledAt',
      locale: 'locale',
      deleted_at: { withheld: 'always empty for a signed-in user' },
      suspended_at: { withheld: 'always empty for a signed-in user' },
    },
  },
  token_families: {
    rowsIn: ({ sessions }) => sessions,
    columns: {
      id: 'id',
      user_id: key,
      generation: withheldInternals,
      confirmed_generation: withheldInternals,
      created_at: 'createdAt',
      rotated_at: 'lastUsedAt',
      expires_at: 'expiresAt',
      absolute_expires_at: withheldInternals,
      sliding_seconds: withheldInternals,
      revoked_at: 'endedAt',
      revoked_reason: 'endedBecause',
      authenticated_at: 'authenticatedAt',
      // Of the existing factors.
      assurance: {
        as: 'assurance',
        sql: `case when coalesce(proven_passkey_id, proven_totp_user_id, proven_backup_code_id, proven_phone_id) is null then 'AAL1' else 'AAL2' end`,
      },
      proven_passkey_id: withheldInternals,
      proven_totp_user_id: withheldInternals,
      proven_backup_code_id: withheldInternals,
      proven_phone_id: withheldInternals,
      device_id: withheldInternals,
      methods: 'methods',
      ip_address: 'ipAddress',
      network: 'network',
      user_agent: 'userAgent',
      device_name: 'deviceName',
      country: 'country',
      permissions_limit: 'permissionsLimit',
      claims_ext: 'claimsExt',
      city: 'city',
      risk: 'risk',
    },
  },
  account_habits: {
    rowsIn: ({ habits }) => (habits ? [habits] : []),
    columns: {
      user_id: key,
      countries: 'countries',
      asns: 'asns',
      hours: 'hours',
      last_latitude: 'lastLatitude',
      last_longitude: 'lastLongitude',
      last_radius_km: 'lastRadiusKm',
      last_asn: { as: 'lastAsn', sql: 'last_asn::int' },
      last_at: 'lastAt',
      sign_ins: 'signIns',
      first_at: 'firstAt',
      updated_at: 'updatedAt',
      password_checked_at: 'passwordCheckedAt',
      password_breached: 'passwordBreached',
    },
  },
  mail_tokens: {
    rowsIn: ({ links }) => links,
    columns: {
      id: withheldInternals,
      user_id: key,
      purpose: 'purpose',
      token_hash: secret,
      session_id: 'sessionId',
      email: 'email',
      created_at: 'createdAt',
      expires_at: 'expiresAt',
      used_at: 'usedAt',
    },
  },
  former_passwords: {
    rowsIn: ({ passwords }) => passwords.replacedAt.map((replacedAt) => ({ replacedAt })),
    columns: { id: withheldInternals, user_id: key, password_hash: secret, replaced_at: 'replacedAt' },
  },
  totp_secrets: {
    rowsIn: ({ secondFactors }) => (secondFactors.totp ? [secondFactors.totp] : []),
    columns: {
      user_id: key,
      secret_sealed: secret,
      last_step: secret,
      created_at: 'createdAt',
      expires_at: { withheld: 'the end of an unconfirmed offer' },
      confirmed_at: 'confirmedAt',
    },
  },
  backup_codes: {
    rowsIn: ({ secondFactors }) => secondFactors.backupCodes,
    columns: { id: withheldInternals, user_id: key, code_hash: secret, created_at: 'createdAt', used_at: 'usedAt' },
  },
  passkeys: {
    rowsIn: ({ secondFactors }) => secondFactors.passkeys,
    columns: {
      id: 'id',
      user_id: key,
      credential_id: base64url('credential_id', 'credentialId'),
      public_key: base64url('public_key', 'publicKey'),
      counter: { as: 'counter', sql: 'counter::int' },
      transports: 'transports',
      backed_up: 'backedUp',
      name: 'name',
      created_at: 'createdAt',
      last_used_at: 'lastUsedAt',
      alone_from: 'aloneFrom',
      confirmation_hash: secret,
    },
  },
  code_flows: {
    rowsIn: ({ codes }) => codes,
    columns: {
      id: withheldInternals,
      flow_hash: secret,
      code_hash: secret,
      token_hash: secret,
      challenge: secret,
      channel: 'channel',
      purpose: 'purpose',
      user_id: key,
      phone_id: key,
      address_sealed: { withheld: 'the address of the account' },
      bound_to: withheldInternals,
      attempts: withheldInternals,
      created_at: 'createdAt',
      expires_at: 'expiresAt',
      used_at: 'usedAt',
    },
  },
  identities: {
    rowsIn: ({ identities }) => identities,
    columns: {
      id: withheldInternals,
      user_id: key,
      provider_id: withheldInternals,
      issuer: 'issuer',
      subject: 'subject',
      email: 'email',
      linked_at: 'linkedAt',
      last_used_at: 'lastUsedAt',
      tokens_sealed: secret,
    },
  },
  imported_users: {
    rowsIn: ({ imports }) => imports,
    columns: {
      source: 'source',
      external_id: 'externalId',
      user_id: key,
      import_id: withheldInternals,
      imported_at: 'importedAt',
    },
  },
  phones: {
    rowsIn: ({ phones }) => phones.map(({ number: _number, ...phone }) => phone),
    columns: {
      id: 'id',
      user_id: key,
      number_sealed: { withheld: 'exported as number' },
      number_hash: secret,
      country: 'country',
      factor: 'factor',
      created_at: 'createdAt',
      verified_at: 'verifiedAt',
    },
  },
  api_keys: {
    rowsIn: ({ apiKeys }) => apiKeys,
    columns: {
      id: 'id',
      lookup: 'lookup',
      user_id: key,
      service_account_id: { withheld: 'always empty for a key of a user' },
      name: 'name',
      scopes: 'scopes',
      secret_hash: secret,
      secret_set_at: 'secretSetAt',
      former_hash: secret,
      rotating_until: 'rotatingUntil',
      ip_allowlist: { as: 'ipAllowlist', sql: 'ip_allowlist::text[]' },
      limit_per_minute: 'limitPerMinute',
      created_at: 'createdAt',
      expires_at: 'expiresAt',
      revoked_at: 'revokedAt',
      last_used_at: 'lastUsedAt',
      last_used_from: 'lastUsedFrom',
      expiry_mailed_at: 'expiryMailedAt',
      exposure_mailed_at: 'exposureMailedAt',
    },
  },
  mfa_tickets: {
    rowsIn: () => [],
    columns: Object.fromEntries(
      'id user_id token_hash remember_me device_name delivery trusted_device methods identity_sealed risk failures created_at expires_at'
        .split(' ')
        .map((column) => [column, { withheld: 'half a sign-in, gone in five minutes' }]),
    ),
  },
};

describe('the export is complete', () => {
  test('for every table with user data, and every column of it', async () => {
    const known = await gateway.database.query<{ table: string; column: string }>(
      `select table_name as table, column_name as column from information_schema.columns
       where table_schema = 'public' and (table_name in ('users', 'mail_tokens') or table_name in (
         select c.conrelid::regclass::text from pg_constraint c where c.contype = 'f' and c.confrelid = 'users'::regclass))`,
    );
    const listed = Object.entries(tables).flatMap(([table, { columns }]) =>
      Object.keys(columns).map((column) => `${table}.${column}`),
    );
    expect(known.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(listed.sort());
  });

  test('as stored', async () => {
    const { session } = await traveller();
    await beginPhone(gateway, session, newNumber());
    const data = await exportOf(session);
    for (const [table, { rowsIn, columns }] of Object.entries(tables)) {
      const owner = table === 'users' ? 'id' : 'user_id';
      const exported = Object.entries(columns).flatMap(([column, how]) => {
        if (typeof how === 'string') return [`${column} as "${how}"`];
        return 'as' in how ? [`${how.sql} as "${how.as}"`] : [];
      });
      const stored = await gateway.database.query<Record<string, unknown>>(
        `select ${exported.join(', ') || 'null as nothing'}
         from ${table} where ${owner} = $1`,
        [session.viewer.id],
      );
      expect([table, stored.length]).toEqual([table, expect.any(Number)]);
      expect(stored.length, table).toBeGreaterThan(0);
      if (exported.length === 0) continue;
      const plain: Record<string, unknown>[] = JSON.parse(JSON.stringify(stored));
      expect(sorted(rowsIn(data)), table).toEqual(sorted(plain));
    }
  });

  test('for events: actions by the user, on the user, and by others at the old or new address', async () => {
    const { session, email } = await traveller();
    await tryPassword(gateway, email);
    const { events } = await exportOf(session);
    expect(events.map(({ action, byYourself }) => `${String(action)}${byYourself ? '' : ' (by others)'}`)).toEqual([
      'login.refused (by others)',
      'mfa.challenged',
      'email.change_requested',
      'password.reset_requested (by others)',
      'session.ended',
      'password.set',
      'email.changed',
      'email.change_requested',
      'login.refused (by others)',
      'user.updated',
      'user.updated',
      'session.started',
      'backup_code.used',
      'mfa.challenged',
      'api_key.created',
      'code.requested',
      'mfa.enabled',
      'mfa.enrollment_begun',
      'mfa.enabled',
      'mfa.enrollment_begun',
      'session.started',
    ]);
    expect(events[0]).toMatchObject({ ipAddress: '127.0.0.1', outcome: 'FAILURE' });
  });

  test('for mails to the old address and to the new one', async () => {
    const { session } = await traveller();
    const { mails } = await exportOf(session);
    expect(mails.map(({ kind }) => kind).sort()).toEqual([
      'backup_code_used',
      'email_change_confirm',
      'email_change_requested',
      'email_change_requested',
      'email_changed',
      'mfa_enabled',
      'mfa_enabled',
      'password_changed',
      'password_reset',
      'second_step_code',
    ]);
    expect(new Set(mails.map(({ state }) => state))).toEqual(new Set(['sent']));
  });
});

describe('the export excludes', () => {
  test('every hash, secret and token, in any encoding', async () => {
    const { session } = await traveller();
    const text = JSON.stringify(await exportOf(session));
    const secrets = Object.entries(tables).flatMap(([table, { columns }]) =>
      Object.keys(columns)
        .filter((column) => columns[column] === secret && column !== 'last_step')
        .map((column) => ({ table, column, owner: table === 'users' ? 'id' : 'user_id' })),
    );
    for (const { table, column, owner } of secrets) {
      const rows = await gateway.database.query<{ value: Buffer | string }>(
        `select ${column} as value from ${table} where ${owner} = $1 and ${column} is not null`,
        [session.viewer.id],
      );
      for (const { value } of rows) {
        const bytes = Buffer.from(value);
        for (const spelling of [
          String(value),
          bytes.toString('hex'),
          bytes.toString('base64'),
          bytes.toString('base64url'),
        ])
          expect(text.includes(spelling), `${table}.${column}`).toBe(false);
      }
    }
    expect(text).not.toContain('$argon2');
    for (const token of [session.refreshToken, session.accessToken, session.deviceToken ?? ''])
      expect(text).not.toContain(token);
  });

  test('events of earlier owners of the address, and details of other actors', async () => {
    const { former, session: first } = await traveller();
    gateway.clock.travel(8 * 24 * hour);
    const { email, session } = await newPerson();
    await changeAddress(gateway, session, email, former);
    await gateway.database.query(
      `insert into audit_entries (id, occurred_at, action, outcome, actor_id, target_type, target_id, session_id, request_id,
         ip_address, user_agent, reason, personal_hash, details)
       values (gen_random_uuid(), $1, 'user.link_sent', 'SUCCESS', $2, 'user', $3, $4, 'planted', '203.0.113.9', 'Planted/1', 'asked by phone', '\\x00', '{}')`,
      [gateway.clock.now(), first.viewer.id, session.viewer.id, first.session.id],
    );
    const data = await exportOf(session);
    const text = JSON.stringify(data);
    for (const strange of [first.viewer.id, first.session.id, '203.0.113.9', 'Planted/1'])
      expect(text).not.toContain(strange);
    expect(data.events.filter(({ action }) => action === 'user.link_sent')).toMatchObject([
      { reason: null, byYourself: false },
    ]);
    expect(data.events.filter(({ action }) => action === 'login.refused')).toEqual([]);
  });
});

test('sessions, mails and events before `since`, and never the account', async () => {
  const { session, email } = await newPerson();
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  gateway.clock.travel(hour);
  const since = gateway.clock.now();
  const again = await signIn(gateway, email);
  const data = await exportOf(again, since);
  expect(data.sessions.map(({ id }) => id)).toEqual([again.session.id]);
  expect(data.mails).toEqual([]);
  expect(data.events.map(({ action }) => action)).toEqual(['session.started']);
  expect(data.account).toMatchObject({ email, id: session.viewer.id });
  expect((await exportOf(again)).events.length).toBe(4);
});

test('an export is recorded with its `since`', async () => {
  const { session } = await newPerson();
  await exportOf(session);
  await exportOf(session, new Date(0));
  const own = (await auditTrail(gateway.database, 'data.exported')).filter(
    ({ actorId }) => actorId === session.viewer.id,
  );
  expect(own.map(({ details }) => details.since)).toEqual([null, new Date(0).toISOString()]);
});

test('an export needs a session with recent authentication, and is limited by user', async () => {
  const input = {};
  expect((await refusal(gateway.send(ExportMyDataDocument, { input }))).code).toBe('UNAUTHENTICATED');
  const { session } = await newPerson();
  const limited = await startTestGateway({ RATE_LIMITS: 'exportMyData=2/1h' }, gateway);
  try {
    for (let call = 0; call < 2; call += 1) await exportOf(session, undefined, limited);
    expect(await refusal(exportOf(session, undefined, limited))).toMatchObject({ code: 'RATE_LIMITED', status: 429 });
    await exportOf((await newPerson()).session, undefined, limited);
  } finally {
    await limited.stop();
  }
  gateway.clock.travel(601);
  expect((await refusal(exportOf(session))).code).toBe('REAUTHENTICATION_REQUIRED');
});

/** Sorts rows, so that two lists of them compare. */
function sorted(rows: readonly Record<string, unknown>[]): Record<string, unknown>[] {
  const text = (row: Record<string, unknown>) => JSON.stringify(Object.entries(row).sort());
  return rows.toSorted((a, b) => text(a).localeCompare(text(b)));
}
