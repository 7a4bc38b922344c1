/**
 * The kinds of caller that the permission map speaks of. Rules read the context only: no I/O, no exceptions, no cache.
 * Each says what it demands of a token, from which the subgraph's directives are made (demands.ts).
 */
import { rule } from 'graphql-shield';
import type { Caller, Viewer } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import type { Permission } from '../domain/permissions.ts';
import type { Context } from './context.ts';
import { type Demand, demanding, somebody } from './demands.ts';

type Verdict = true | Refusal;

function judge(demand: Demand, verdict: (caller: Caller, context: Context) => Verdict) {
  const judged = rule({ cache: 'no_cache' })((_parent, _args, context: Context) => verdict(context.caller, context));
  return demanding(judged, demand);
}

function judgeViewer(verdict: (viewer: Viewer) => Verdict, demand: Demand = somebody) {
  return judge(demand, ({ viewer, refusal }) => (viewer ? verdict(viewer) : refusal));
}

/** Whoever asks, whatever token they carry. */
export const anyone = judge('nobody', () => true);

/** Nobody signed in is an answer; a token that is no good is not. */
export const anyoneWithoutBadToken = judge('nobody', ({ viewer, refusal }) => {
  if (viewer) return enrolment(viewer);
  return refusal.options.reason === 'NO_CREDENTIALS' ? true : refusal;
});

/** Somebody, even where their role demands a second factor that they have yet to set up. */
export const signedIn = judgeViewer(() => true);

/** Somebody who has the second factor that their role demands. */
export const enrolled = judgeViewer(enrolment);

/** Somebody whose role holds the permission, before they have set up what their role demands. */
export function holds(permission: Permission) {
  return judgeViewer((viewer) => permitted(viewer, permission), [[permission]]);
}

/** Somebody whose role holds one of the permissions, and who has the second factor that it demands. */
export function can(...anyOf: [Permission, ...Permission[]]) {
  return judgeViewer(
    (viewer) => {
      const verdict = enrolment(viewer);
      return verdict === true ? permitted(viewer, ...anyOf) : verdict;
    },
    anyOf.map((permission) => [permission]),
  );
}

/** They proved who they are within REAUTH_WINDOW (ASVS 7.5.1). */
export const recent = judgeViewer(({ standing }) =>
  standing.recent ? true : new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'not recent' }),
);

/** Their session has seen a second factor, where MFA_REQUIRED_FOR names their role (ASVS 6.3.3). */
export const aal2 = judgeViewer((viewer) => {
  const { secondFactorRequired, secondFactor } = viewer.standing;
  if (!secondFactorRequired || secondFactor === 'proven') return true;
  return secondFactor === 'missing' ? enrolment(viewer) : new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' });
});

/** Their session has seen a second factor, if they have one: with the password alone nobody adds another. */
export const steppedUp = judgeViewer(({ standing }) =>
  standing.secondFactor === 'unproven' ? new Refusal('REAUTHENTICATION_REQUIRED', { detail: 'AAL1' }) : true,
);

/** They come from a network of ADMIN_IP_ALLOWLIST, where there is one. */
export const fromAdminNetwork = judgeViewer(({ standing }) =>
  standing.adminNetwork ? true : new Refusal('FORBIDDEN', { detail: 'not from ADMIN_IP_ALLOWLIST' }),
);

/** A federation router, by ROUTER_SECRET. Whom it asks for does not matter. */
export const router = judge('nobody', (_caller, { isRouter }) =>
  isRouter ? true : new Refusal('FORBIDDEN', { detail: 'no Router-Authorization' }),
);

function enrolment({ standing }: Viewer): Verdict {
  const isMissing = standing.secondFactorRequired && standing.secondFactor === 'missing';
  return isMissing ? new Refusal('MFA_ENROLLMENT_REQUIRED') : true;
}

function permitted({ role }: Viewer, ...anyOf: [Permission, ...Permission[]]): Verdict {
  const [requiredPermission] = anyOf;
  const isHeld = anyOf.some((permission) => role.permissions.includes(permission));
  return isHeld ? true : new Refusal('FORBIDDEN', { requiredPermission });
}
