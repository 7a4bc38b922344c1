/** Checks what a caller chooses about a key: name, scopes, lifetime, networks and limit. */
import { permissions } from '../access/permissions.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { canonicalNetwork } from '../source.ts';
import { displayNameProblems, normaliseDisplayName } from '../text/display-name.ts';

/** Absent and null fields keep their value, or have none. */
export interface KeyChoices {
  name?: string | null | undefined;
  scopes?: readonly string[] | null | undefined;
  expiresIn?: number | null | undefined;
  ipAllowlist?: readonly string[] | null | undefined;
  limitPerMinute?: number | null | undefined;
}

export interface CheckedChoices {
  name?: string;
  scopes?: string[];
  ipAllowlist?: string[];
  limitPerMinute?: number;
}

const maxNetworks = 20;
const maxLimitPerMinute = 10_000;
const minTtlSeconds = 60;

/** @throws Refusal BAD_USER_INPUT with every problem */
export function checkedChoices(choices: KeyChoices, maxTtlSeconds: number): CheckedChoices {
  const { scopes, expiresIn, ipAllowlist, limitPerMinute } = choices;
  const networks = ipAllowlist?.map(canonicalNetwork);
  const name = choices.name == null ? undefined : normaliseDisplayName(choices.name);
  const fields = [
    ...(name === undefined ? [] : nameProblems(name)),
    ...(scopes ? scopeProblems(scopes) : []),
    ...rangeProblem('expiresIn', expiresIn, minTtlSeconds, maxTtlSeconds),
    ...rangeProblem('limitPerMinute', limitPerMinute, 1, maxLimitPerMinute),
    ...(networks ? networkProblems(networks) : []),
  ];
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return {
    ...(name != null && { name }),
    ...(scopes && { scopes: permissions.filter((permission) => scopes.includes(permission)) }),
    ...(networks && { ipAllowlist: [...new Set(networks.filter((network) => network !== null))] }),
    ...(limitPerMinute != null && { limitPerMinute }),
  };
}

/** @param name normalised */
function nameProblems(name: string | null): FieldProblem[] {
  const path = 'input.name';
  return name === null ? [{ path, code: 'REQUIRED', message: 'Enter a name.' }] : displayNameProblems(name, path);
}

/** A name of a new service account or key. @throws Refusal BAD_USER_INPUT */
export function checkedName(text: string): string {
  const name = normaliseDisplayName(text);
  const fields = nameProblems(name);
  if (name === null || fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  return name;
}

function scopeProblems(scopes: readonly string[]): FieldProblem[] {
  const path = 'input.scopes';
  if (scopes.length === 0) return [{ path, code: 'REQUIRED', message: 'Choose at least one permission.' }];
  const known: readonly string[] = permissions;
  if (scopes.every((scope) => known.includes(scope))) return [];
  return [{ path, code: 'UNKNOWN_PERMISSION', message: `Choose from these permissions: ${permissions.join(', ')}.` }];
}

function networkProblems(networks: readonly (string | null)[]): FieldProblem[] {
  const path = 'input.ipAllowlist';
  if (networks.length > maxNetworks)
    return [{ path, code: 'TOO_LONG', message: `Enter at most ${maxNetworks} networks.` }];
  const message = 'Enter networks and addresses, for example 192.0.2.0/24 or 2001:db8::/48.';
  return networks.includes(null) ? [{ path, code: 'INVALID', message }] : [];
}

export function rangeProblem(
  field: string,
  value: number | null | undefined,
  min: number,
  max: number,
): FieldProblem[] {
  if (value == null || (value >= min && value <= max)) return [];
  return [{ path: `input.${field}`, code: 'OUT_OF_RANGE', message: `Enter a number from ${min} to ${max}.` }];
}
