/** The kinds of caller that the permission map speaks of. Rules read the context only: no I/O, no exceptions, no cache. */
import { rule } from 'graphql-shield';
import type { Caller } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import type { Context } from './context.ts';

type Verdict = true | Refusal;

function judge(verdict: (caller: Caller) => Verdict) {
  return rule({ cache: 'no_cache' })((_parent, _args, { caller }: Context) => verdict(caller));
}

/** Whoever asks, whatever token they carry. */
export const anyone = judge(() => true);

/** Nobody signed in is an answer; a token that is no good is not. */
export const anyoneWithoutBadToken = judge(({ viewer, refusal }) =>
  viewer || refusal.options.reason === 'NO_CREDENTIALS' ? true : refusal,
);

export function can(permission: string) {
  return judge(({ viewer, refusal }) => {
    if (!viewer) return refusal;
    return viewer.role.permissions.includes(permission)
      ? true
      : new Refusal('FORBIDDEN', { requiredPermission: permission });
  });
}
