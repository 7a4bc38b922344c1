/** The audit trail: administrators read all entries, users those about themselves. */
import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { readSecurityOverview } from '../../domain/administration/security-overview.ts';
import { checkNewest, listEntries, listSecurityEvents } from '../../domain/audit/trail.ts';
import { isAllowed } from '../permissions/judge.ts';
import { operations } from '../permissions/permissions.ts';
import type { Context } from '../request/context.ts';
import { AuditEntry, AuditEntryConnection, AuditFilter, AuditIntegrity, AuditTarget } from '../types/audit.ts';
import { toConnection } from '../types/connection.ts';
import { SecurityOverview } from '../types/security-overview.ts';
import { User, Viewer } from '../types/viewer.ts';

@Resolver(() => AuditEntry)
export class AuditResolver {
  @Query(() => AuditEntryConnection, {
    description:
      'The audit trail, newest first. Needs `audit:read`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async auditEntries(
    @Ctx() { unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'How many, 0 to 100. Default 20.' }) first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Behind this cursor.' }) after?: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'How many of the oldest.' }) last?: number | null,
    @Arg('before', () => String, { nullable: true, description: 'Before this cursor.' }) before?: string | null,
    @Arg('where', () => AuditFilter, { nullable: true, description: 'Which. Default all.' }) where?: AuditFilter | null,
  ): Promise<AuditEntryConnection> {
    return toConnection(await listEntries(unit, where ?? {}, { first, after, last, before }));
  }

  @Query(() => AuditIntegrity, {
    description:
      'Whether the newest entries of the audit trail are as they were sealed. Needs `audit:read`. Errors: `FORBIDDEN`.',
  })
  async auditIntegrity(@Ctx() { unit }: Context): Promise<AuditIntegrity> {
    const { checkpoint, ...integrity } = await checkNewest(unit);
    const signed = checkpoint && { ...checkpoint, signedAt: new Date(checkpoint.signedAt) };
    return { ...integrity, whole: integrity.problem === null, checkpoint: signed };
  }

  @Query(() => SecurityOverview, {
    description: 'Numbers for a wall. Needs `audit:read`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` with `fields`.',
  })
  async securityOverview(
    @Ctx() { unit }: Context,
    @Arg('since', () => Date, {
      nullable: true,
      description: 'What to count from: at most 31 days ago. Default a day ago.',
    })
    since?: Date | null,
  ): Promise<SecurityOverview> {
    const { activeUsers, usersWithSecondFactor, mailQueue, ...numbers } = await readSecurityOverview(
      unit,
      since ?? null,
    );
    const { dead: deadLetters, ...queue } = mailQueue;
    const mfa = { users: activeUsers, enabled: usersWithSecondFactor };
    return { ...numbers, mfa, mailQueue: { ...queue, deadLetters } };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who did it. Null: nobody who was signed in, or who is gone.',
  })
  actor(@Root() { actorId }: AuditEntry, @Ctx() { loaders }: Context): Promise<User | null> | null {
    return actorId === null ? null : loaders.userById.load(actorId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The e-mail address of the actor, for callers with `audit:read`. Null for other callers, without an actor, and once the account is purged.',
  })
  async actorLabel(@Root() { actorId }: AuditEntry, @Ctx() context: Context): Promise<string | null> {
    if (actorId === null || !isAllowed(operations.Query.auditEntries, context)) return null;
    const actor = await context.loaders.userById.load(actorId);
    return actor?.email ?? null;
  }

  @FieldResolver(() => AuditTarget, { nullable: true, description: 'What it was done to.' })
  target(@Root() { targetType, targetId }: AuditEntry): AuditTarget | null {
    return targetType === null || targetId === null ? null : { type: targetType, id: targetId };
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The seal, in hex: SHA-256 of the seal before it and this entry. Null for some seconds, until it is sealed.',
  })
  hash(@Root() { id }: AuditEntry, @Ctx() { loaders }: Context): Promise<string | null> {
    return loaders.sealOfEntry.load(id);
  }
}

@Resolver(() => AuditTarget)
export class AuditTargetResolver {
  @FieldResolver(() => User, { nullable: true, description: 'The user that it is, if it is one who is not gone.' })
  user(@Root() { type, id }: AuditTarget, @Ctx() { loaders }: Context): Promise<User | null> | null {
    return type === 'user' ? loaders.userById.load(id) : null;
  }
}

@Resolver(() => Viewer)
export class SecurityEventsResolver {
  @FieldResolver(() => AuditEntryConnection, {
    description:
      'What you did, what was done to you and your sessions, and who tried to sign in at your address in vain, newest first. Where others who did something came from is left out.',
  })
  async securityEvents(
    @Ctx() { caller, unit }: Context,
    @Arg('first', () => Int, { nullable: true, description: 'How many, 0 to 100. Default 20.' }) first?: number | null,
    @Arg('after', () => String, { nullable: true, description: 'Behind this cursor.' }) after?: string | null,
  ): Promise<AuditEntryConnection> {
    return toConnection(await listSecurityEvents(unit, caller, { first, after }));
  }
}
