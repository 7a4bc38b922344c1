/** A role: a rank in the hierarchy and the permissions it carries. */
import { defineEntity, p } from '@mikro-orm/core';

const RoleSchema = defineEntity({
  name: 'Role',
  tableName: 'roles',
  properties: {
    name: p.string().length(64).primary(),
    rank: p.integer(),
    permissions: p.array().$type<string[]>(),
    system: p.boolean().default(false),
  },
});

export class Role extends RoleSchema.class {}
RoleSchema.setClass(Role);
