/** Calls each hook with a sample, for `postern hooks check` and `postern doctor`. */
import type { Hooks } from './hooks.ts';
import type { HookInputs, HookPoint } from './points.ts';

const email = 'ada@example.com';
const user = { id: '01900000-0000-7000-8000-000000000001', email, role: 'USER' };
const sessionId = '01900000-0000-7000-8000-000000000002';
const messageId = '01900000-0000-7000-8000-000000000003';
const client = {
  ipAddress: '192.0.2.1',
  userAgent: 'postern',
  deviceName: null,
  isTrustedDevice: false,
  location: null,
};
const proof = { methods: ['PASSWORD' as const], assurance: 'AAL1' as const };

const samples: { [Point in HookPoint]: HookInputs[Point] } = {
  beforeRegister: { email, displayName: 'Ada', locale: 'en', client },
  beforeSignIn: { user: { ...user, hasSecondFactor: false }, method: 'PASSWORD', provider: null, client, risk: null },
  beforeSession: { user, ...proof, client, risk: null },
  customizeClaims: { user, session: { id: sessionId, ...proof } },
  beforeInvite: { inviter: { id: user.id, kind: 'user' }, email, displayName: 'Ada', role: 'USER' },
  sendMail: {
    id: messageId,
    kind: 'account_restored',
    from: { name: 'Postern', address: 'no-reply@example.com' },
    to: email,
    locale: 'en',
    subject: 'A sample',
    text: 'A sample.',
    html: '<p>A sample.</p>',
    writtenAt: '2026-01-01T00:00:00.000Z',
  },
  sendSms: { id: messageId, to: '+491700000000', text: 'A sample' },
  importUser: { email, password: 'A sample' },
};

export interface CheckedHook {
  point: HookPoint;
  /** Null: the hook works, whatever it decides. */
  problem: string | null;
  /** What it decides about the sample. */
  decision: 'allow' | 'refuse' | null;
}

export function checkHooks(hooks: Hooks): Promise<CheckedHook[]> {
  return Promise.all(hooks.points.map((point) => checkHook(hooks, point)));
}

async function checkHook<Point extends HookPoint>(hooks: Hooks, point: Point): Promise<CheckedHook> {
  const result = await hooks.call(point, samples[point], { dryRun: true });
  if (result === null || 'problem' in result) return { point, problem: result?.problem ?? 'no hook', decision: null };
  return { point, problem: null, decision: result.allowed === null ? 'refuse' : 'allow' };
}
