/** The password policy, for forms. */
import { Ctx, Query, Resolver } from 'type-graphql';
import { publicPasswordPolicy } from '../../domain/passwords/new-password.ts';
import type { Context } from '../request/context.ts';
import { PasswordPolicy } from '../types/password-policy.ts';

@Resolver()
export class PasswordPolicyResolver {
  @Query(() => PasswordPolicy, { description: 'The rules for passwords. Public, so that forms can apply them.' })
  passwordPolicy(@Ctx() { unit }: Context): PasswordPolicy {
    return publicPasswordPolicy(unit.settings);
  }
}
