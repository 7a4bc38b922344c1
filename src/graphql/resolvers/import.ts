/** The import of users from another system. */
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { importUsers } from '../../domain/administration/import/import-users.ts';
import type { Context } from '../request/context.ts';
import { ImportUsersInput, ImportUsersPayload } from '../types/import.ts';

@Resolver()
export class ImportResolver {
  @Mutation(() => ImportUsersPayload, {
    description:
      'Creates accounts for up to 100 users of another system, with their password hashes: they sign in with their old passwords. A user that is wrong fails alone; the others are imported. Calling it again with the same users creates none. No mail is sent. Requires `users:import`, and from users a recent authentication. For more users there is the command `postern users import`. Errors: `FORBIDDEN`, `BAD_USER_INPUT` for 0 or more than 100 users.',
  })
  async importUsers(
    @Arg('input', () => ImportUsersInput, { description: 'The users.' }) input: ImportUsersInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<ImportUsersPayload> {
    return { results: await importUsers(unit, caller, input) };
  }
}
