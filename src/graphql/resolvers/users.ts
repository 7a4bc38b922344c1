/** Queries of users for administrators. */
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { listUsers, userById } from '../../domain/administration/users.ts';
import { pageOf, readPage } from '../../domain/page.ts';
import { listNearby } from '../../domain/read-replica.ts';
import type { Context } from '../request/context.ts';
import { AuditEntryConnection } from '../types/audit.ts';
import { toConnection } from '../types/connection.ts';
import { ManagedUser, ManagedUserConnection, UserFilter, UserOrder } from '../types/managed-user.ts';
import { MfaStatus } from '../types/mfa.ts';
import { SessionConnection } from '../types/session.ts';
import { Role } from '../types/viewer.ts';

const firstArgument = {
  nullable: true,
  description: 'The number of entries from the start, 0 to 100. Default 20.',
} as const;
const afterArgument = { nullable: true, description: 'Return entries after this cursor.' } as const;

@Resolver(() => ManagedUser)
export class UsersResolver {
  @Query(() => ManagedUser, {
    nullable: true,
    description: 'One user by id. Requires `users:read`. Errors: `NOT_FOUND`.',
  })
  user(
    @Arg('id', () => ID, { description: 'The id of the user.' }) id: string,
    @Ctx() { unit }: Context,
  ): Promise<ManagedUser> {
    return userById(unit, id);
  }

  @Query(() => ManagedUserConnection, {
    description:
      'The users that match the filter, newest first unless `orderBy` is given. Pages stay stable while users are added. Requires `users:read`. Errors: `BAD_USER_INPUT` with `fields`.',
  })
  async users(
    @Ctx() { caller, unit }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'The number of entries from the end, 0 to 100.' }) last?:
      | number
      | null,
    @Arg('before', () => String, { nullable: true, description: 'Return entries before this cursor.' }) before?:
      | string
      | null,
    @Arg('where', () => UserFilter, { nullable: true, description: 'The filter. Default: all users.' })
    where?: UserFilter | null,
    @Arg('orderBy', () => UserOrder, { nullable: true, description: 'The order. Default: newest first.' })
    orderBy?: UserOrder | null,
  ): Promise<ManagedUserConnection> {
    const request = { first, after, last, before };
    const list = (reading: Context['unit']) => listUsers(reading, request, where ?? {}, orderBy ?? undefined);
    return toConnection(await listNearby(unit, caller, list));
  }

  @FieldResolver(() => Role, { description: 'The current role.' })
  async role(@Root() { roleName }: ManagedUser, @Ctx() { loaders }: Context): Promise<Role> {
    return loaders.roleByName.load(roleName);
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description:
      'The time until which sign-in is locked on unknown devices because of failed attempts. Null when the account is not locked.',
  })
  lockedUntil(@Root() { email }: ManagedUser, @Ctx() { loaders }: Context): Promise<Date | null> {
    return loaders.lockByEmail.load(email);
  }

  @FieldResolver(() => MfaStatus, { description: 'The second factors of the user.' })
  mfa(@Root() user: ManagedUser, @Ctx() { loaders }: Context): Promise<MfaStatus> {
    return loaders.mfaByUser.load(user);
  }

  @FieldResolver(() => SessionConnection, {
    description: 'The active sessions of the user, newest first. Requires `users:read`.',
  })
  async sessions(
    @Root() { id }: ManagedUser,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
  ): Promise<SessionConnection> {
    return toConnection(await pageOf({ first, after }, await loaders.sessionsByUserId.load(id)));
  }

  @FieldResolver(() => AuditEntryConnection, {
    description:
      'The audit entries about the user, newest first: actions of the user, actions on the user and their sessions, and failed sign-ins at their address. Requires `audit:read`.',
  })
  async auditEntries(
    @Root() user: ManagedUser,
    @Ctx() { loaders }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
  ): Promise<AuditEntryConnection> {
    const page = await readPage(
      { first, after },
      {
        find: (slice) => loaders.auditEntriesAbout(slice).load(user),
        count: () => loaders.auditCountAbout.load(user),
        toNode: (entry) => entry,
      },
    );
    return toConnection(page);
  }
}
