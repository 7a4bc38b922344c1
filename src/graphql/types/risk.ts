/** The risk and the location of sign-ins. */
import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RiskAction, RiskLevel, RiskSignal } from '../../domain/caller.ts';
import { instruction, payload } from './managed-user.ts';

const RiskLevelEnum = { LOW: 'LOW', MEDIUM: 'MEDIUM', HIGH: 'HIGH' } as const;
registerEnumType(RiskLevelEnum, {
  name: 'RiskLevel',
  description: 'How unusual a sign-in is.',
  valuesConfig: {
    LOW: { description: 'A score below 20.' },
    MEDIUM: { description: 'A score from 20 to 59.' },
    HIGH: { description: 'A score of 60 or more.' },
  },
});

const RiskActionEnum = {
  NONE: 'NONE',
  MAIL: 'MAIL',
  CAPTCHA: 'CAPTCHA',
  SECOND_STEP: 'SECOND_STEP',
  REFUSE: 'REFUSE',
} as const;
registerEnumType(RiskActionEnum, {
  name: 'RiskAction',
  description: 'What follows from an assessment. With `RISK=observe` it is recorded only.',
  valuesConfig: {
    NONE: { description: 'Nothing.' },
    MAIL: { description: 'The owner of the account is notified by mail.' },
    CAPTCHA: { description: 'The client has to solve a captcha. The owner is notified by mail.' },
    SECOND_STEP: { description: 'The sign-in needs a second step. The owner is notified by mail.' },
    REFUSE: { description: 'The sign-in is refused because of its country.' },
  },
});

const RiskSignalEnum = {
  NEW_DEVICE: 'NEW_DEVICE',
  NEW_NETWORK: 'NEW_NETWORK',
  NEW_COUNTRY: 'NEW_COUNTRY',
  NEW_ASN: 'NEW_ASN',
  IMPOSSIBLE_TRAVEL: 'IMPOSSIBLE_TRAVEL',
  LONG_IDLE: 'LONG_IDLE',
  UNUSUAL_HOUR: 'UNUSUAL_HOUR',
  MANY_ACCOUNTS_FROM_SOURCE: 'MANY_ACCOUNTS_FROM_SOURCE',
  ANONYMISER: 'ANONYMISER',
  AUTOMATION: 'AUTOMATION',
  BREACHED_PASSWORD: 'BREACHED_PASSWORD',
  DISPOSABLE_MAIL: 'DISPOSABLE_MAIL',
} as const;
registerEnumType(RiskSignalEnum, {
  name: 'RiskSignal',
  description: 'What is unusual about a sign-in. New values may be added.',
  valuesConfig: {
    NEW_DEVICE: { description: 'The account does not know the device and its browser.' },
    NEW_NETWORK: { description: 'The account never signed in from this network (IPv4 /24, IPv6 /48).' },
    NEW_COUNTRY: { description: 'The account did not sign in from this country within 180 days.' },
    NEW_ASN: { description: 'The account did not sign in through this network operator within 180 days.' },
    IMPOSSIBLE_TRAVEL: { description: 'The sign-in before was too far away for the time between them.' },
    LONG_IDLE: { description: 'The account was not used for 90 days.' },
    UNUSUAL_HOUR: { description: 'The account does not sign in around this hour of the day.' },
    MANY_ACCOUNTS_FROM_SOURCE: { description: 'The source failed to sign in to many other accounts.' },
    ANONYMISER: { description: 'A VPN, a proxy or Tor hides the origin of the connection.' },
    AUTOMATION: { description: 'The request looks like a script.' },
    BREACHED_PASSWORD: { description: 'The password is in a list of stolen passwords.' },
    DISPOSABLE_MAIL: { description: 'The address belongs to a service for temporary mailboxes.' },
  },
});

@ObjectType({ description: 'The assessment of one sign-in.' })
export class RiskAssessment {
  @Field(() => RiskLevelEnum, { description: 'The level of the score.' })
  level!: RiskLevel;

  @Field(() => Int, { description: 'The sum of the points of the signals: see `riskRules`.' })
  score!: number;

  @Field(() => [RiskSignalEnum], { description: 'What is unusual.' })
  signals!: RiskSignal[];

  @Field(() => RiskActionEnum, { description: 'What followed, or would have followed with `RISK=act`.' })
  action!: RiskAction;
}

@ObjectType({ description: 'Where an IP address is, as far as it is known. It may be wrong.' })
export class Location {
  @Field(() => String, { description: 'The country: ISO 3166-1 alpha-2, for example `DE`.' })
  country!: string;

  @Field(() => String, { nullable: true, description: 'The English name of the city. Null: not known.' })
  city!: string | null;
}

@ObjectType({ description: 'The weight of a signal (`RISK_RULES`).' })
export class RiskRule {
  @Field(() => RiskSignalEnum, { description: 'The signal.' })
  signal!: RiskSignal;

  @Field(() => Int, { description: 'The points that it adds to the score.' })
  points!: number;
}

@ObjectType({ description: 'A number of assessments.' })
export class RiskCount {
  @Field(() => String, { description: 'The `RiskSignal`, the `RiskAction` or the country.' })
  key!: string;

  @Field(() => Int, { description: 'The number of assessments.' })
  count!: number;
}

@ObjectType({
  description:
    'The assessments of sign-ins in a period: of the newest 20,000 at most. Lists begin with the highest count.',
})
export class RiskOverview {
  @Field(() => Date, { description: 'The start of the period.' })
  since!: Date;

  @Field(() => Int, { description: 'The number of assessments.' })
  assessments!: number;

  @Field(() => [RiskCount], { description: 'Assessments with each signal. One assessment may have several.' })
  bySignal!: RiskCount[];

  @Field(() => [RiskCount], { description: 'Assessments by action.' })
  byAction!: RiskCount[];

  @Field(() => [RiskCount], { description: 'Assessments by country, where it is known: the 100 most frequent.' })
  byCountry!: RiskCount[];
}

export const ResetRiskHistoryInput = instruction('ResetRiskHistoryInput', 'The user whose habits are forgotten.');
export const ResetRiskHistoryPayload = payload('resetRiskHistory', 'ResetRiskHistoryPayload');
