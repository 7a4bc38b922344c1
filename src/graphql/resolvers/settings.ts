/** The installation, for administrators: settings and signing keys. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { listSigningKeys, rotateSigningKeys } from '../../domain/administration/signing-keys.ts';
import type { Context } from '../request/context.ts';
import { Setting } from '../types/setting.ts';
import { RotateSigningKeysInput, RotateSigningKeysPayload, SigningKey } from '../types/signing-key.ts';

@Resolver()
export class SettingsResolver {
  @Query(() => [Setting], {
    description:
      'All settings of the instance that answers. Secrets have no value. Requires `settings:read`. Errors: `FORBIDDEN`.',
  })
  settings(@Ctx() { unit }: Context): Setting[] {
    return [...unit.effectiveSettings];
  }

  @Query(() => [SigningKey], {
    description: 'The keys that sign access tokens, oldest first. Requires `settings:read`. Errors: `FORBIDDEN`.',
  })
  signingKeys(@Ctx() { unit }: Context): Promise<SigningKey[]> {
    return listSigningKeys(unit);
  }

  @Mutation(() => RotateSigningKeysPayload, {
    description:
      'Lets the next key sign from now on, and creates its successor. Tokens of the earlier key stay valid until they expire. A key that is newer than ten minutes is not promoted. Requires `signing-keys:write` and recent authentication. Errors: `FORBIDDEN`, `REAUTHENTICATION_REQUIRED`, `BAD_USER_INPUT` with `fields`.',
  })
  rotateSigningKeys(
    @Arg('input', () => RotateSigningKeysInput, { description: 'The reason.' }) input: RotateSigningKeysInput,
    @Ctx() { caller, unit }: Context,
  ): Promise<RotateSigningKeysPayload> {
    return rotateSigningKeys(unit, caller, input);
  }
}
