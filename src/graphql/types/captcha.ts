/** The captcha of a form. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import type { CaptchaAction, CaptchaProvider } from '../../domain/attempts/captcha.ts';

export const CaptchaProviderEnum = {
  ALTCHA: 'ALTCHA',
  TURNSTILE: 'TURNSTILE',
  HCAPTCHA: 'HCAPTCHA',
  RECAPTCHA: 'RECAPTCHA',
} as const satisfies Record<string, CaptchaProvider>;
registerEnumType(CaptchaProviderEnum, {
  name: 'CaptchaProvider',
  description: 'The kinds of captchas. New ones may be added.',
  valuesConfig: {
    ALTCHA: {
      description:
        'Proof of work in the format of ALTCHA 3, algorithm `SCRYPT`. The browser computes for about a second, without a click. The token is the JSON `{ challenge, solution: { counter, derivedKey } }` in base64.',
    },
    TURNSTILE: { description: 'Cloudflare Turnstile. Its widget gives the token; pass it the action.' },
    HCAPTCHA: { description: 'hCaptcha. Its widget gives the token.' },
    RECAPTCHA: { description: 'Google reCAPTCHA. Its widget gives the token.' },
  },
});

export const CaptchaActionEnum = {
  REGISTER: 'REGISTER',
  LOGIN: 'LOGIN',
  PASSWORD_RESET: 'PASSWORD_RESET',
  CODE_LOGIN: 'CODE_LOGIN',
} as const satisfies Record<string, CaptchaAction>;
registerEnumType(CaptchaActionEnum, {
  name: 'CaptchaAction',
  description: 'What a captcha is solved for. Its token is accepted for nothing else.',
  valuesConfig: {
    REGISTER: { description: '`register`.' },
    LOGIN: { description: '`login`, and `acceptLink` with a password.' },
    PASSWORD_RESET: { description: '`requestPasswordReset`.' },
    CODE_LOGIN: { description: '`beginCodeLogin`.' },
  },
});

@ObjectType({
  description:
    'What a form needs to obtain a captcha token. Send the token in the header `X-Captcha-Token` (at most 4096 characters) with the mutation. It is accepted once. Without a token that is due, the mutation answers `CAPTCHA_REQUIRED`.',
})
export class Captcha {
  @Field(() => CaptchaProviderEnum, {
    description: 'The kind. It changes to `ALTCHA` while the service of another kind is unavailable.',
  })
  provider!: CaptchaProvider;

  @Field(() => String, { nullable: true, description: 'The site key for the widget. Null with `ALTCHA`.' })
  siteKey!: string | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'With `ALTCHA`: the challenge `{ parameters, signature }`, a new one for each query. Send it back unchanged. Null with other kinds.',
  })
  challenge!: object | null;

  @Field(() => Boolean, {
    description:
      'Whether the mutation will ask this client for a token. False is no promise: failed sign-ins at an address, and unusual sign-ins, can make one due.',
  })
  due!: boolean;

  @Field(() => Date, { nullable: true, description: 'When the challenge expires. Null without a challenge.' })
  expiresAt!: Date | null;
}
