/** The captcha, for forms. */
import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { CaptchaAction } from '../../domain/attempts/captcha.ts';
import { offerCaptcha } from '../../domain/attempts/offer-captcha.ts';
import type { Context } from '../request/context.ts';
import { Captcha, CaptchaActionEnum } from '../types/captcha.ts';

@Resolver()
export class CaptchaResolver {
  @Query(() => Captcha, {
    nullable: true,
    description:
      'The captcha of a form. Public. Ask when the form is shown, and again after `CAPTCHA_REQUIRED`. Null: the service uses no captcha. Errors: `RATE_LIMITED`.',
  })
  captcha(
    @Arg('action', () => CaptchaActionEnum, { description: 'What the form does.' }) action: CaptchaAction,
    @Ctx() { caller, unit }: Context,
  ): Promise<Captcha | null> {
    return offerCaptcha(unit, caller, action);
  }
}
