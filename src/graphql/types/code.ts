/** Codes in mails and SMS: what was sent, and the inputs of signing in with one. */
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CodeChannel } from '../../domain/factors/code-flows.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { SessionOptionsInput } from './auth-session.ts';

export const CodeChannelEnum = { EMAIL: 'EMAIL', SMS: 'SMS' } as const;
registerEnumType(CodeChannelEnum, {
  name: 'CodeChannel',
  description: 'The way in which a code is sent.',
  valuesConfig: { EMAIL: { description: 'By mail.' }, SMS: { description: 'By SMS.' } },
});

@ObjectType({
  description: 'A code of eight digits on its way. It is valid for ten minutes and five wrong answers, and works once.',
})
export class CodeFlow {
  @Field(() => String, {
    description: 'Names the code when it is answered. Keep it in memory only: with the code it signs in.',
  })
  flow!: string;

  @Field(() => CodeChannelEnum, { description: 'The way in which it is sent.' })
  channel!: CodeChannel;

  @Field(() => String, { description: 'Where it is sent, partly hidden, for example `a•••@example.org`.' })
  maskedTarget!: string;

  @Field(() => Date, { description: 'The time at which the code expires.' })
  expiresAt!: Date;

  @Field(() => Int, { description: 'Offer to send another code after this number of seconds.' })
  resendAfter!: number;
}

@InputType({ description: 'The address to mail a code to.' })
export class BeginCodeLoginInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address of the account.' })
  email!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The base64url SHA-256 of a random verifier of 43 to 128 characters that the browser keeps (RFC 7636, `S256`). The mail then has a link, which signs in this browser only. Without it the mail has the code alone.',
  })
  codeChallenge?: string | null;
}

@InputType({
  description:
    'The code of a mail, or its link: either `flow` and `code`, or `token` and `codeVerifier`; and how the session is started.',
})
export class CompleteCodeLoginInput extends SessionOptionsInput {
  @Field(() => String, {
    nullable: true,
    description:
      'The `flow` of `beginCodeLogin`. A browser that did not begin the sign-in sends the token of the link instead.',
  })
  flow?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The eight digits of the mail. Spaces and dashes are ignored.',
  })
  code?: string | null;

  @Field(() => String, { nullable: true, description: 'The text after `#token=` in the link of the mail.' })
  token?: string | null;

  @Field(() => String, { nullable: true, description: 'The verifier whose hash was the `codeChallenge`.' })
  codeVerifier?: string | null;
}
