/** The role that is edited: one column at a time. */
import { useState } from 'react';
import type { Role } from './rules.ts';

export interface Draft {
  role: Role;
  permissions: readonly string[];
  added: string[];
  removed: string[];
}

export function useDraft(roles: readonly Role[]) {
  const [edited, setEdited] = useState<{ name: string; permissions: readonly string[] } | null>(null);
  const role = roles.find(({ name }) => name === edited?.name);
  const draft: Draft | null =
    edited && role
      ? {
          role,
          permissions: edited.permissions,
          added: edited.permissions.filter((permission) => !role.permissions.includes(permission)),
          removed: role.permissions.filter((permission) => !edited.permissions.includes(permission)),
        }
      : null;
  return {
    draft,
    edit: ({ name, permissions }: Role) => setEdited({ name, permissions }),
    toggle: (permission: string) =>
      setEdited((now) => {
        if (now === null) return null;
        const has = now.permissions.includes(permission);
        const permissions = has
          ? now.permissions.filter((other) => other !== permission)
          : [...now.permissions, permission];
        return { ...now, permissions };
      }),
    stop: () => setEdited(null),
  };
}
