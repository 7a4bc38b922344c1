/** Security metrics for a dashboard. */
import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({
  description: 'Security events in one interval.',
})
export class SecurityActivity {
  @Field(() => Date, { description: 'The start of the interval.' })
  from!: Date;

  @Field(() => Date, { description: 'The end of the interval.' })
  to!: Date;

  @Field(() => Int, { description: 'Successful sign-ins.' })
  signIns!: number;

  @Field(() => Int, { description: 'Rejected sign-ins, second-factor codes and passkeys.' })
  signInFailures!: number;

  @Field(() => Int, { description: 'Accounts that were locked after too many failed attempts.' })
  locks!: number;

  @Field(() => Int, {
    description: 'Replayed refresh tokens. Each replay revoked its session.',
  })
  tokenReuses!: number;

  @Field(() => Int, { description: 'Accounts that were created.' })
  registrations!: number;
}

@ObjectType({ description: 'The adoption of second factors. 1001 means more than 1,000.' })
export class MfaAdoption {
  @Field(() => Int, { description: 'The number of active users.' })
  users!: number;

  @Field(() => Int, { description: 'The number of active users with a second factor.' })
  enabled!: number;
}

@ObjectType({
  description: 'The outgoing mail queue. Mails are usually sent within seconds. 10001 means more than 10,000.',
})
export class MailQueue {
  @Field(() => Int, { description: 'The number of mails that are waiting or retried.' })
  pending!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'The age of the oldest waiting mail in seconds, among the 10,001 that are due first. Null when no mail is waiting.',
  })
  oldestWaitingSeconds!: number | null;

  @Field(() => Int, { description: 'The number of mails that failed permanently within the last 30 days.' })
  deadLetters!: number;
}

@ObjectType({
  description: 'Security metrics of this gateway.',
})
export class SecurityOverview {
  @Field(() => Date, {
    description: 'The start of `activity` and `total`: the requested time, rounded down to an hour or to five minutes.',
  })
  since!: Date;

  @Field(() => Int, { description: 'The number of active sessions, up to 1,000; 1001 means more.' })
  activeSessions!: number;

  @Field(() => Int, {
    description:
      'The number of addresses whose sign-in is locked for unknown devices, up to 1,000; 1001 means more. Addresses without an account are included.',
  })
  lockedAccounts!: number;

  @Field(() => Int, {
    description: 'The number of registrations with an unconfirmed address, up to 1,000; 1001 means more.',
  })
  pendingRegistrations!: number;

  @Field(() => SecurityActivity, { description: 'The sum of `activity`.' })
  total!: SecurityActivity;

  @Field(() => [SecurityActivity], {
    description: 'The events per interval: at most 48 intervals of equal length; the last one may be shorter.',
  })
  activity!: SecurityActivity[];

  @Field(() => MfaAdoption, { description: 'The adoption of second factors.' })
  mfa!: MfaAdoption;

  @Field(() => MailQueue, { description: 'The outgoing mail queue.' })
  mailQueue!: MailQueue;
}
