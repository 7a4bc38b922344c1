/** The audit trail: administrators read all entries, users those about themselves. */
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { readSecurityOverview } from '../../domain/administration/security-overview.ts';
import { checkNewest, listEntries, listSecurityEvents } from '../../domain/audit/trail.ts';
import { listNearby, readNearby } from '../../domain/read-replica.ts';
import { isAllowed } from '../permissions/missing-requirement.ts';
import { operations } from '../permissions/permissions.ts';
import type { Context } from '../request/context.ts';
import type { Loaders } from '../request/loaders.ts';
import { AuditEntry, AuditEntryConnection, AuditFilter, AuditIntegrity, AuditTarget } from '../types/audit.ts';
import { toConnection } from '../types/connection.ts';
import { SecurityOverview } from '../types/security-overview.ts';
import { ServiceAccount } from '../types/service-account.ts';
import { User, Viewer } from '../types/viewer.ts';

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    description:
      'The audit trail, newest first. Requires `audit:read`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async auditEntries(
    @Ctx() { caller, unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' }) first?:
      | number
      | null,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' }) after?:
      | string
      | null,
    @Arg('last', () => Int, { nullable: true, description: 'The number of entries from the end, 0 to 100.' }) last?:
      | number
      | null,
    @Arg('before', () => String, { nullable: true, description: 'Return entries before this cursor.' }) before?:
      | string
      | null,
    @Arg('where', () => AuditFilter, { nullable: true, description: 'The filter. Default: all entries.' })
    where?: AuditFilter | null,
  ): Promise<AuditEntryConnection> {
    const request = { first, after, last, before };
    return toConnection(await listNearby(unit, caller, (reading) => listEntries(reading, where ?? {}, request)));
  }

  @Query(() => AuditIntegrity, {
    description: 'Verifies the newest entries of the audit trail. Requires `audit:read`. Errors: `FORBIDDEN`.',
  })
  async auditIntegrity(@Ctx() { unit }: Context): Promise<AuditIntegrity> {
    const { checkpoint, ...integrity } = await checkNewest(unit);
    const signed = checkpoint && { ...checkpoint, signedAt: new Date(checkpoint.signedAt) };
    return { ...integrity, whole: integrity.problem === null, checkpoint: signed };
  }

  @Query(() => SecurityOverview, {
    description:
      'Security metrics for a dashboard. Requires `audit:read`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async securityOverview(
    @Ctx() { caller, unit }: Context,
    @Arg('since', () => Date, {
      nullable: true,
      description: 'The start, at most 31 days ago. Default: one day ago.',
    })
    since?: Date | null,
    @Arg('until', () => Date, {
      nullable: true,
      description: 'The end of `activity` and `total`. Default: now. Counts of the present do not depend on it.',
    })
    until?: Date | null,
  ): Promise<SecurityOverview> {
    const { activeUsers, usersWithSecondFactor, mailQueue, ...numbers } = await readNearby(unit, caller, (reading) =>
      readSecurityOverview(reading, { since: since ?? null, until: until ?? null }),
    );
    const { dead: deadLetters, ...queue } = mailQueue;
    const mfa = { users: activeUsers, enabled: usersWithSecondFactor };
    return { ...numbers, mfa, mailQueue: { ...queue, deadLetters } };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description:
      'The acting user. Null when no user was signed in, for service accounts, and once the account is purged.',
  })
  actor(@Root() { actorId }: AuditEntry, @Ctx() { loaders }: Context): Promise<User | null> | null {
    return actorId === null ? null : loaders.userById.load(actorId);
  }

  @FieldResolver(() => ServiceAccount, {
    nullable: true,
    description: 'The acting service account, for callers with `audit:read`. Null when the actor is a user or none.',
  })
  async serviceAccount(@Root() { actorId }: AuditEntry, @Ctx() context: Context): Promise<ServiceAccount | null> {
    if (actorId === null || !isAllowed(operations.Query.auditEntries, context)) return null;
    return context.loaders.serviceAccountById.load(actorId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The e-mail address of the actor, for callers with `audit:read`. Null for other callers, without an actor, and once the account is purged.',
  })
  actorLabel(@Root() { actorId }: AuditEntry, @Ctx() context: Context): Promise<string | null> | null {
    return actorId === null ? null : emailOf(actorId, context);
  }

  @FieldResolver(() => AuditTarget, { nullable: true, description: 'The object of the action.' })
  target(@Root() { targetType, targetId }: AuditEntry): AuditTarget | null {
    return targetType === null || targetId === null ? null : { type: targetType, id: targetId };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The seal in hex: SHA-256 of the previous seal and this entry. Null until the entry is sealed, which takes seconds.',
  })
  async hash(@Root() { id }: AuditEntry, @Ctx() { loaders }: Context): Promise<string | null> {
    return (await loaders.sealOfEntry.load(id))?.hash ?? null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'The position in the chain, counted from 1, without gaps. Null until the entry is sealed.',
  })
  async sequence(@Root() { id }: AuditEntry, @Ctx() { loaders }: Context): Promise<number | null> {
    return (await loaders.sealOfEntry.load(id))?.sequence ?? null;
  }
}

@Resolver(() => AuditTarget)
export class AuditTargetResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: 'The user, or the owner of the session. Null for other objects, and once the account is purged.',
  })
  async user(@Root() target: AuditTarget, @Ctx() { loaders }: Context): Promise<User | null> {
    const userId = await userIdOf(target, loaders);
    return userId === null ? null : loaders.userById.load(userId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The e-mail address of `user`, for callers with `audit:read`. Null for other callers, without a user, and once the account is purged.',
  })
  async label(@Root() target: AuditTarget, @Ctx() context: Context): Promise<string | null> {
    const userId = await userIdOf(target, context.loaders);
    return userId === null ? null : emailOf(userId, context);
  }
}

/** The user that the object is or belongs to. */
async function userIdOf({ type, id }: AuditTarget, { ownerOfSession }: Loaders): Promise<string | null> {
  if (type === 'session') return ownerOfSession.load(id);
  return type === 'user' ? id : null;
}

async function emailOf(userId: string, context: Context): Promise<string | null> {
  if (!isAllowed(operations.Query.auditEntries, context)) return null;
  return (await context.loaders.userById.load(userId))?.email ?? null;
}

@Resolver(() => Viewer)
export class SecurityEventsResolver {
  @FieldResolver(() => AuditEntryConnection, {
    description:
      'Security events of the signed-in user, newest first: own actions, actions of others on the account and its sessions, and failed sign-ins at the address. The IP address, the user agent and the reason of other actors are omitted.',
  })
  async securityEvents(
    @Ctx() { caller, unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'The number of entries, 0 to 100. Default 20.' })
    first: number | null | undefined,
    @Arg('after', () => String, { nullable: true, description: 'Return entries after this cursor.' })
    after: string | null | undefined,
    @Arg('refreshes', () => Boolean, {
      defaultValue: true,
      description: 'Whether the list has the entries `session.refreshed`: a session in use has one every few minutes.',
    })
    refreshes: boolean,
  ): Promise<AuditEntryConnection> {
    const request = { first, after, refreshes };
    return toConnection(await listNearby(unit, caller, (reading) => listSecurityEvents(reading, caller, request)));
  }
}
