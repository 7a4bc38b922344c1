/** Looking at users as an administrator does. */
import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { pageOf, readPage } from '../../domain/page.ts';
import type { Context } from '../request/context.ts';
import { AuditEntryConnection } from '../types/audit.ts';
import { toConnection } from '../types/connection.ts';
import { ManagedUser, ManagedUserConnection, UserFilter, UserOrder } from '../types/managed-user.ts';
import { MfaStatus } from '../types/mfa.ts';
import { SessionConnection } from '../types/session.ts';
import { Role } from '../types/viewer.ts';

const firstArgument = { nullable: true, description: 'How many from the beginning, 0 to 100. Default 20.' } as const;
const afterArgument = { nullable: true, description: 'Behind this cursor.' } as const;

@Resolver(() => ManagedUser)
export class UsersResolver {
  @Query(() => ManagedUser, {
    nullable: true,
    description: 'One user. Needs `users:read`. Errors: `NOT_FOUND`.',
  })
  user(
    @Arg('id', () => ID, { description: 'Their `id`.' }) id: string,
    @Ctx() { services }: Context,
  ): Promise<ManagedUser> {
    return services.users.byId(id);
  }

  @Query(() => ManagedUserConnection, {
    description:
      'The users that fit, the newest first unless `orderBy` says otherwise. As fast on the last page as on the first, and stable while users come. Needs `users:read`. Errors: `BAD_USER_INPUT` with `fields`.',
  })
  async users(
    @Ctx() { services }: Context,
    @Arg('first', () => Int, firstArgument) first?: number | null,
    @Arg('after', () => String, afterArgument) after?: string | null,
    @Arg('last', () => Int, { nullable: true, description: 'How many from the end, 0 to 100.' }) last?: number | null,
    @Arg('before', () => String, { nullable: true, description: 'Before this cursor.' }) before?: string | null,
    @Arg('where', () => UserFilter, { nullable: true, description: 'Which ones; all when absent.' })
    where?: UserFilter | null,
    @Arg('orderBy', () => UserOrder, { nullable: true, description: 'In which order.' }) orderBy?: UserOrder | null,
  ): Promise<ManagedUserConnection> {
    return toConnection(await services.users.list({ first, after, last, before }, where ?? {}, orderBy ?? undefined));
  }

  @FieldResolver(() => Role, { description: 'Their role as it is now.' })
  async role(@Root() { roleName }: ManagedUser, @Ctx() { loaders }: Context): Promise<Role> {
    return loaders.roleByName.load(roleName);
  }

  @FieldResolver(() => Date, {
    nullable: true,
    description:
      'Until when nobody can sign in to the account, because of wrong passwords, but on a device that it knows; null: it is not locked.',
  })
  lockedUntil(@Root() { email }: ManagedUser, @Ctx() { loaders }: Context): Promise<Date | null> {
    return loaders.lockByEmail.load(email);
  }

  @FieldResolver(() => MfaStatus, { description: 'Their second factors.' })
  mfa(@Root() user: ManagedUser, @Ctx() { loaders }: Context): Promise<MfaStatus> {
    return loaders.mfaByUser.load(user);
  }

  @FieldResolver(() => SessionConnection, {
    description: 'The devices they are signed in with, newest first. Needs `users:read`.',
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
      'What they did, what was done to them and their sessions, and what was tried at their address, newest first. Needs `audit:read`.',
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
