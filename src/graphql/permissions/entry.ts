/**
 * What one operation demands of its caller, as data. The shield rule, schema/permissions.md, the federation directives
 * and the explanation of a denial are all read from it. The helpers below are the words of the permission map.
 */
import type { Permission } from '../../domain/access/permissions.ts';
import type { LimitName } from '../../ratelimit/limits.ts';

/**
 * `none`: no second factor is looked at. `proven`: a second factor that the user has was proven in this session.
 * `enrolled`: the user has the second factor that the role demands. `AAL2`: both.
 */
export type FactorRequirement = 'none' | 'proven' | 'enrolled' | 'AAL2';

export interface Entry {
  /**
   * `anyone`: also without a token and with a rejected one. `optional`: also without a token, and not with a rejected
   * one. `user`: a signed-in user. `router`: a federation router with ROUTER_SECRET.
   */
  readonly caller: 'anyone' | 'optional' | 'user' | 'router';
  /** One of these permissions is enough; empty: no permission is needed. */
  readonly anyOf: readonly Permission[];
  readonly factor: FactorRequirement;
  /** The user authenticated within REAUTH_WINDOW, and proved the second factor where there is one (ASVS 7.5.1). */
  readonly recent: boolean;
  /** The request comes from a network of ADMIN_IP_ALLOWLIST, where that is set. */
  readonly network: boolean;
  /**
   * The programs that may call it, with an API key or a token of `/oauth/token`: none, service accounts, or keys of users
   * too. For them the second factor is not looked at; the other demands apply.
   */
  readonly machines: 'none' | 'service' | 'any';
  /** Each counts the call, once the rest of the entry allows it. */
  readonly limits: readonly LimitName[];
}

type Requirements = Partial<Omit<Entry, 'caller'>>;

const nothing = { anyOf: [], factor: 'none', recent: false, network: false, machines: 'none', limits: [] } as const;

/** Any caller, counted by these limits. */
export function anyone(...limits: LimitName[]): Entry {
  return { ...nothing, caller: 'anyone', limits };
}

/** Any caller without a token, and any signed-in user; rejected credentials are reported. */
export const optionalUser: Entry = { ...nothing, caller: 'optional' };

/** The same, and programs of this kind. */
export function alsoFor(machines: 'service' | 'any', entry: Entry): Entry {
  return { ...entry, machines };
}

/** A signed-in user, with the second factor that the role demands. */
export function user(demands: Requirements = {}): Entry {
  return { ...nothing, caller: 'user', factor: 'enrolled', ...demands };
}

/** The same for operations on the user's own data that a permission opens. */
export function own(permission: Permission, demands: Requirements = {}): Entry {
  return user({ anyOf: [permission], ...demands });
}

/** Administration: one of the permissions, AAL2, the administrators' networks, and the limit `admin`. */
export function admin(...anyOf: Permission[]): Entry {
  return user({ anyOf, factor: 'AAL2', network: true, limits: ['admin'] });
}

/** Administration that grants power or removes protection: a stolen session alone must not be enough. */
export function recentAdmin(...anyOf: Permission[]): Entry {
  return { ...admin(...anyOf), recent: true };
}

/** A federation router, for any user. */
export const router: Entry = { ...nothing, caller: 'router' };
