/** Gives a system role permissions that a later version adds. */
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** A new database has no users yet, and its audit trail begins with the first of them. */
const isInUse = 'exists (select from users)';

/**
 * The audit entry comes first, while the role is as it was. The hash of its personal data, which is none, is that of
 * security/keys/personal-hash.ts.
 */
export function grantStatements(role: string, permissions: readonly string[]): string[] {
  const now = new Date();
  const added = `'{${permissions.join(',')}}'::text[]`;
  const after = `permissions || array(select unnest(${added}) except select unnest(permissions))`;
  const state = (list: string) => `jsonb_build_object('rank', rank, 'permissions', to_jsonb(${list}))`;
  const details = `jsonb_build_object('before', ${state('permissions')}, 'after', ${state(after)})`;
  const salt = `'\\x${randomBytes(16).toString('hex')}'::bytea`;
  const hash = `sha256(${salt} || convert_to('[null,null,null]', 'UTF8'))`;
  return [
    `insert into audit_entries (id, occurred_at, action, outcome, target_type, target_id, request_id, personal_salt, personal_hash, details)
     select '${uuidv7({ msecs: now.getTime() })}', '${now.toISOString()}', 'role.updated', 'SUCCESS', 'role', name, 'migration', ${salt}, ${hash}, ${details}
     from roles where name = '${role}' and not permissions @> ${added} and ${isInUse};`,
    `update roles set permissions = ${after} where name = '${role}';`,
  ];
}
