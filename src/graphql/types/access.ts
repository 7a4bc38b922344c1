/** The explanation of access, for administrators. */
import { ArgsType, Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { RequirementKind } from '../../domain/access/explanation.ts';

export const AccessRequirementKindEnum = {
  SIGNED_IN: 'SIGNED_IN',
  PERMISSION: 'PERMISSION',
  SECOND_FACTOR: 'SECOND_FACTOR',
  RECENT: 'RECENT',
  NETWORK: 'NETWORK',
  RANK: 'RANK',
  CALLER_KIND: 'CALLER_KIND',
  LIMIT: 'LIMIT',
} as const satisfies { [Kind in RequirementKind]: Kind };
registerEnumType(AccessRequirementKindEnum, {
  name: 'AccessRequirementKind',
  description: 'The kinds of requirements. New kinds may be added.',
  valuesConfig: {
    SIGNED_IN: { description: 'The account is active, and the session has not ended.' },
    PERMISSION: { description: 'The role holds one of the permissions.' },
    SECOND_FACTOR: {
      description:
        '`enrolled`: the user has the second factor that the role requires. `proven`: this session has proven the one the user has. `AAL2`: both.',
    },
    RECENT: {
      description: 'The user authenticated within `REAUTH_WINDOW`, with the second factor where there is one.',
    },
    NETWORK: { description: 'The request comes from a network of `ADMIN_IP_ALLOWLIST`.' },
    RANK: { description: 'The role of the user has a higher rank than that of the target.' },
    CALLER_KIND: { description: 'The operation is for other callers than users.' },
    LIMIT: { description: 'A rate limit counts the call. Its state is not evaluated.' },
  },
});

@ObjectType({ description: 'One requirement of an operation.' })
export class AccessRequirement {
  @Field(() => AccessRequirementKindEnum, { description: 'The kind.' })
  kind!: RequirementKind;

  @Field(() => Boolean, { description: 'Whether the user meets it.' })
  met!: boolean;

  @Field(() => String, {
    description:
      'What is required, for example `users:moderate or users:write`, or the name of a limit. `restricted`: the caller has a lower rank than the user.',
  })
  required!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'The present state, for example `the role USER`. Null where no state decides, where no session was named, and where it is restricted.',
  })
  actual!: string | null;
}

@ObjectType({ description: 'Why an operation is allowed or denied to a user.' })
export class AccessExplanation {
  @Field(() => String, { description: 'The operation with its type, for example `Mutation.suspendUser`.' })
  operation!: string;

  @Field(() => Boolean, {
    description: 'Whether every requirement is met. The domain also checks the ownership of data.',
  })
  allowed!: boolean;

  @Field(() => [AccessRequirement], { description: 'The requirements. Empty: any caller may call the operation.' })
  requirements!: AccessRequirement[];
}

@ArgsType()
export class ExplainAccessArgs {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => String, {
    description: 'An operation or a field, for example `suspendUser`, `Query.users` or `Viewer.sessions`.',
  })
  operation!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The id of a session of the user. Default: a new session that has proven every factor, from an allowed network.',
  })
  sessionId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The user that the operation would change: adds the rank.' })
  targetUserId?: string | null;
}
