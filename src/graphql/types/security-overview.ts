/** The numbers for a wall. */
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'What happened in a span of time. Each number counts up to 10,000: 10001 means more than that.',
})
export class SecurityActivity {
  @Field(() => Date, { description: 'When the span begins.' })
  from!: Date;

  @Field(() => Date, { description: 'When it ends.' })
  to!: Date;

  @Field(() => Int, { description: 'Sign-ins that succeeded.' })
  signIns!: number;

  @Field(() => Int, { description: 'Sign-ins, codes of second factors and passkeys that were refused.' })
  signInFailures!: number;

  @Field(() => Int, { description: 'Accounts that were locked after too many failures.' })
  locks!: number;

  @Field(() => Int, {
    description: 'Used refresh tokens that came back: sessions that ended because a token was copied.',
  })
  tokenReuses!: number;

  @Field(() => Int, { description: 'Accounts that were made.' })
  registrations!: number;
}

@ObjectType({ description: 'How many users have a second factor. 10001 means more than 10,000.' })
export class MfaAdoption {
  @Field(() => Int, { description: 'Active users.' })
  users!: number;

  @Field(() => Int, { description: 'Those of them who have a second factor.' })
  enabled!: number;
}

@ObjectType({
  description: 'The queue of mails. A mail usually leaves within seconds. 10001 mails mean more than 10,000.',
})
export class MailQueue {
  @Field(() => Int, { description: 'Mails that wait, or are tried again.' })
  pending!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'For how many seconds the oldest of them has waited, among the 10,001 that are due first.',
  })
  oldestWaitingSeconds!: number | null;

  @Field(() => Int, { description: 'Mails that were given up within the last 30 days.' })
  deadLetters!: number;
}

@ObjectType({
  description: 'The security of this gateway in numbers. Each number counts up to 10,000: 10001 means more than that.',
})
export class SecurityOverview {
  @Field(() => Date, { description: 'What `activity` and `total` count from.' })
  since!: Date;

  @Field(() => Int, { description: 'Sessions that live now.' })
  activeSessions!: number;

  @Field(() => Int, {
    description: 'Accounts that are locked now, for devices they do not know. Addresses without an account count too.',
  })
  lockedAccounts!: number;

  @Field(() => Int, { description: 'Registrations whose address waits to be confirmed.' })
  pendingRegistrations!: number;

  @Field(() => SecurityActivity, { description: 'The sum of `activity`.' })
  total!: SecurityActivity;

  @Field(() => [SecurityActivity], {
    description: 'The same over time, in at most 48 spans of equal length; the last may be shorter.',
  })
  activity!: SecurityActivity[];

  @Field(() => MfaAdoption, { description: 'How many users have a second factor.' })
  mfa!: MfaAdoption;

  @Field(() => MailQueue, { description: 'What waits to be mailed.' })
  mailQueue!: MailQueue;
}
