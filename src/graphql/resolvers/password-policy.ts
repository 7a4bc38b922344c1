/** The password policy, for forms. */
import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../request/context.ts';
import { PasswordPolicy } from '../types/password-policy.ts';

@Resolver()
export class PasswordPolicyResolver {
  @Query(() => PasswordPolicy, { description: 'The rules for passwords. Public, so that forms can apply them.' })
  passwordPolicy(@Ctx() { services }: Context): PasswordPolicy {
    return services.passwordPolicy;
  }
}
