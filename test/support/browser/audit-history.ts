/** People and entries of the audit trail as an administrator finds them on an ordinary day. */
import type { AuditEvent } from '../../../src/domain/audit/actions.ts';
import { operatorClient, recordAudit } from '../../../src/domain/audit/record.ts';
import type { TestGateway } from '../gateway/gateway.ts';
import { openAuditApp } from '../people/audit-chain.ts';
import { createUserWithRole } from '../people/users-with-roles.ts';

const firefox = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0';
const linux = 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0';
const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1';
const android =
  'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';

interface Planted {
  event: AuditEvent;
  from?: { ipAddress: string; userAgent: string | null };
  /** Seconds after the entry before. */
  after: number;
}

/** Plants the history and seals all but the two newest entries. @returns the ids of Ada and Grace */
export async function plantHistory(gateway: TestGateway): Promise<{ ada: string; grace: string }> {
  const named = async (name: string, role = 'USER') => (await createUserWithRole(gateway, role, name)).id;
  const ada = await named('Ada Lovelace', 'SUPER_ADMIN');
  const mary = await named('Mary Jackson', 'ADMIN');
  const [grace, charles, hedy] = [
    await named('Grace Hopper'),
    await named('Charles Babbage'),
    await named('Hedy Lamarr'),
  ];
  const [annie, katherine] = [await named('Annie Easley'), await named('Katherine Johnson')];
  const [emmy, edward] = [await named('Emmy Noether'), await named('Edward Hyde')];
  const user = (id: string) => ({ type: 'user', id }) as const;
  const office = { ipAddress: '192.0.2.14', userAgent: firefox };
  const desk = { ipAddress: '192.0.2.31', userAgent: linux };
  const lockedUntil = (minutes: number) => new Date(gateway.clock.now().getTime() + minutes * 60_000).toISOString();
  const [hedySession] = await gateway.database.query<{ id: string }>(
    'select id from token_families where user_id = $1',
    [hedy],
  );
  const own = ['profile:write', 'sessions:own', 'mfa:own'];

  const sealed: Planted[] = [
    {
      after: 600,
      from: { ipAddress: '203.0.113.140', userAgent: null },
      event: {
        action: 'token.reuse_detected',
        outcome: 'DENIED',
        target: { type: 'session', id: hedySession?.id ?? '' },
        details: { presentedGeneration: 3, generation: 5 },
      },
    },
    {
      after: 749,
      event: {
        action: 'signing_key.rotated',
        target: { type: 'signing_key', id: 'k' },
        details: { from: 'j', to: 'k' },
      },
    },
    {
      after: 4375,
      from: desk,
      event: {
        action: 'user.link_sent',
        actorId: mary,
        target: user(emmy),
        details: { kind: 'password_reset', result: 'sent' },
      },
    },
    {
      after: 1027,
      from: office,
      event: {
        action: 'role.updated',
        actorId: ada,
        target: { type: 'role', id: 'MODERATOR' },
        details: {
          before: { rank: 60, permissions: [...own, 'users:read', 'users:moderate', 'roles:read'] },
          after: { rank: 60, permissions: [...own, 'users:read', 'users:moderate', 'users:write'] },
        },
      },
    },
    {
      after: 856,
      from: { ipAddress: '203.0.113.9', userAgent: windows },
      event: {
        action: 'account.locked',
        target: user(charles),
        details: { addressHash: 'x', lockedUntil: lockedUntil(130) },
      },
    },
    {
      after: 442,
      from: { ipAddress: '2001:db8:7:22::41', userAgent: android },
      event: { action: 'mfa.enabled', actorId: katherine, target: user(katherine), details: { method: 'PASSKEY' } },
    },
    {
      after: 383,
      from: desk,
      event: {
        action: 'administration.refused',
        outcome: 'DENIED',
        actorId: mary,
        target: user(ada),
        details: { attempted: 'user.role_changed', reason: 'rank' },
      },
    },
    {
      after: 284,
      from: desk,
      event: {
        action: 'user.suspended',
        actorId: mary,
        target: user(edward),
        reason: 'Spam from this account, ticket 4119',
        details: { before: { status: 'ACTIVE' }, after: { status: 'SUSPENDED' } },
      },
    },
    {
      after: 145,
      from: office,
      event: {
        action: 'user.role_changed',
        actorId: ada,
        sessionId: hedySession?.id ?? null,
        target: user(grace),
        reason: 'Joins the support team, ticket 4127',
        details: { before: { role: 'USER' }, after: { role: 'MODERATOR' } },
      },
    },
  ];
  const waiting: Planted[] = [
    {
      after: 8,
      from: { ipAddress: '203.0.113.9', userAgent: windows },
      event: {
        action: 'login.refused',
        outcome: 'DENIED',
        target: user(charles),
        details: { addressHash: 'x', reason: 'locked' },
      },
    },
    {
      after: 1,
      from: { ipAddress: '198.51.100.61', userAgent: iphone },
      event: {
        action: 'session.started',
        actorId: annie,
        target: user(annie),
        details: { methods: ['PASSKEY'], rememberMe: false, device: 'trusted', userAgent: 'given' },
      },
    },
  ];

  const app = await openAuditApp(gateway.database, gateway.clock);
  const plant = async (planted: readonly Planted[]) => {
    for (const { event, from, after } of planted) {
      gateway.clock.travel(after);
      const client = from ? { ...operatorClient('b7e0c3a9-41d2-4f7e'), ...from } : operatorClient('schedule');
      await app.dependencies().em.transactional(async (tx) => recordAudit(tx, client, gateway.clock.now(), event));
    }
  };
  await plant(sealed);
  await app.sealAll();
  await plant(waiting);
  await app.close();
  return { ada, grace };
}
