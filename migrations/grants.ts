/** Gives roles permissions that a later version adds. */

/** A new database has no users yet, and its audit trail begins with the first of them. */
const isInUse = 'exists (select from users)';

/** A UUIDv7 of the present time. */
const entryId = `(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
  || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid`;

/** A system role. */
export function grantStatements(role: string, permissions: readonly string[]): string[] {
  return grantTo(`name = '${role}'`, permissions);
}

/** Every role that has all permissions of `held`. */
export function grantToHoldersOf(held: readonly string[], permissions: readonly string[]): string[] {
  return grantTo(`permissions @> ${arrayOf(held)}`, permissions);
}

/**
 * The audit entries come first, while the roles are as they were. The hash of their personal data, which is none, is that
 * of security/keys/personal-hash.ts.
 */
function grantTo(roles: string, permissions: readonly string[]): string[] {
  const added = arrayOf(permissions);
  const after = `permissions || array(select new from unnest(${added}) new where new <> all(permissions))`;
  const state = (list: string) => `jsonb_build_object('rank', rank, 'permissions', to_jsonb(${list}))`;
  const details = `jsonb_build_object('before', ${state('permissions')}, 'after', ${state(after)})`;
  const which = `${roles} and not permissions @> ${added}`;
  return [
    `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, personal_salt, personal_hash, details)
     select ${entryId}, clock_timestamp(), 'role.updated', 'SUCCESS', 'role', name, 'migration', salt,
       sha256(salt || convert_to('[null,null,null]', 'UTF8')), ${details}
     from (select r.*, uuid_send(gen_random_uuid()) as salt from roles r where ${which}) changed where ${isInUse};`,
    `update roles set permissions = ${after} where ${which};`,
  ];
}

function arrayOf(permissions: readonly string[]): string {
  return `'{${permissions.join(',')}}'::text[]`;
}
