/** Users for administrators: the type, the filter, the order, and the inputs and payloads of changes. */
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { UserSortField, UserStatus } from '../../domain/administration/users.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { connectionType } from './connection.ts';

export const UserStatusEnum = {
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  DELETED: 'DELETED',
  INVITED: 'INVITED',
} as const;
registerEnumType(UserStatusEnum, {
  name: 'UserStatus',
  description: 'The states of an account.',
  valuesConfig: {
    ACTIVE: { description: 'The owner can sign in.' },
    SUSPENDED: { description: 'The owner cannot sign in until an administrator calls `reactivateUser`.' },
    DELETED: {
      description: 'The account is deleted. Until it is purged, it can be restored and its address stays reserved.',
    },
    INVITED: { description: 'The owner has not accepted the invitation yet.' },
  },
});

@ObjectType({ description: 'A user as administrators see them.' })
export class ManagedUser {
  @Field(() => ID, { description: 'A UUIDv7. Equal to the claim `sub` of the access tokens.' })
  id!: string;

  @Field(() => EmailAddressScalar, { description: 'The e-mail address to sign in with.' })
  email!: string;

  @Field(() => Boolean, { description: 'True when the owner has confirmed the address.' })
  emailVerified!: boolean;

  @Field(() => String, { nullable: true, description: 'The display name that the user chose.' })
  displayName!: string | null;

  @Field(() => UserStatusEnum, { description: 'The state of the account.' })
  status!: UserStatus;

  @Field(() => Date, { nullable: true, description: 'The time of the last sign-in. Null: never.' })
  lastLoginAt!: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'The id of the user in the system that the account was imported from. Null: it was not imported.',
  })
  externalId!: string | null;

  @Field(() => Date, { description: 'The time of the creation of the account.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The time of the deletion. Null when the account is not deleted.' })
  deletedAt!: Date | null;

  /** What `role` is looked up by. */
  roleName!: string;
}

export const ManagedUserConnection = connectionType(ManagedUser, 'ManagedUser', 'users');
export type ManagedUserConnection = InstanceType<typeof ManagedUserConnection>;

@InputType({ description: 'A filter for users. All given conditions have to match.' })
export class UserFilter {
  @Field(() => String, { nullable: true, description: 'The beginning of the address, in any letter case.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Words of the display name or beginnings of words, in any order and letter case: `lov ad` finds Ada Lovelace.',
  })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The whole id of the user in the system that it was imported from.',
  })
  externalId?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the role, for example `MODERATOR`.' })
  role?: string | null;

  @Field(() => UserStatusEnum, { nullable: true, description: 'The state of the account.' })
  status?: UserStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'True: users with a second factor. False: users without one.' })
  mfaEnabled?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'Created at this time or later.' })
  createdFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Created before this time.' })
  createdBefore?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Last signed in at this time or later.' })
  lastLoginFrom?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Last signed in before this time. Excludes users without a sign-in.',
  })
  lastLoginBefore?: Date | null;
}

const UserOrderFieldEnum = { CREATED_AT: 'CREATED_AT', EMAIL: 'EMAIL', LAST_LOGIN_AT: 'LAST_LOGIN_AT' } as const;
registerEnumType(UserOrderFieldEnum, {
  name: 'UserOrderField',
  description: 'The fields by which users can be sorted.',
  valuesConfig: {
    CREATED_AT: { description: 'The time of the creation of the account.' },
    EMAIL: { description: 'The e-mail address, by code points.' },
    LAST_LOGIN_AT: { description: 'The time of the last sign-in. Users without a sign-in sort before all others.' },
  },
});

const OrderDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;
type OrderDirection = keyof typeof OrderDirectionEnum;
registerEnumType(OrderDirectionEnum, {
  name: 'OrderDirection',
  description: 'The direction of a sorted list.',
  valuesConfig: {
    ASC: { description: 'Ascending: smallest or oldest first.' },
    DESC: { description: 'Descending: greatest or newest first.' },
  },
});

@InputType({
  description: 'The order of a list of users. A cursor is valid only for the order of the list that it came from.',
})
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { defaultValue: 'CREATED_AT', description: 'The field to sort by.' })
  field!: UserSortField;

  @Field(() => OrderDirectionEnum, { defaultValue: 'DESC', description: 'The direction.' })
  direction!: OrderDirection;
}

@InputType({ description: 'A new account for another user.' })
export class CreateUserInput {
  @Field(() => EmailAddressScalar, { description: 'The e-mail address to sign in with. The invitation is sent to it.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'The display name. At most 100 characters.' })
  displayName?: string | null;

  @Field(() => String, {
    description:
      'The name of a role of a lower rank than the role of the caller. Every role except `USER` requires `roles:assign`.',
  })
  role!: string;
}

const reasonField = {
  nullable: true,
  description:
    'The reason for the audit trail. Other administrators can read it; the user cannot. At most 500 characters.',
} as const;

@InputType({ description: 'A user and the new role.' })
export class SetUserRoleInput {
  @Field(() => ID, { description: 'The id of the user.' })
  userId!: string;

  @Field(() => String, { description: 'The name of a role of a lower rank than the role of the caller.' })
  role!: string;

  @Field(() => String, reasonField)
  reason?: string | null;
}

/** The input of a change that needs a user and a reason only. Each mutation has its own input type. */
export function instruction(name: string, description: string) {
  @InputType(name, { description })
  class UserInstruction {
    @Field(() => ID, { description: 'The id of the user.' })
    userId!: string;

    @Field(() => String, reasonField)
    reason?: string | null;
  }
  return UserInstruction;
}

export const SuspendUserInput = instruction('SuspendUserInput', 'The user to suspend.');
export const ReactivateUserInput = instruction('ReactivateUserInput', 'The user to reactivate.');
export const UnlockUserInput = instruction('UnlockUserInput', 'The user to unlock.');
export const DeleteUserInput = instruction('DeleteUserInput', 'The user to delete.');
export const RestoreUserInput = instruction('RestoreUserInput', 'The user to restore.');
export const SendPasswordResetInput = instruction('SendPasswordResetInput', 'The user to send a link to.');
export const ResetUserMfaInput = instruction('ResetUserMfaInput', 'The user to remove all second factors from.');
export const RevokeUserSessionsInput = instruction('RevokeUserSessionsInput', 'The user to sign out of all sessions.');
export type UserInstruction = InstanceType<ReturnType<typeof instruction>>;

/** The payload of a change of a user. */
export function payload(mutation: string, name: string) {
  @ObjectType(name, { description: `The answer to \`${mutation}\`.` })
  class UserPayload {
    @Field(() => ManagedUser, { description: 'The user after the change.' })
    user!: ManagedUser;
  }
  return UserPayload;
}

export const CreateUserPayload = payload('createUser', 'CreateUserPayload');
export const SetUserRolePayload = payload('setUserRole', 'SetUserRolePayload');
export const SuspendUserPayload = payload('suspendUser', 'SuspendUserPayload');
export const ReactivateUserPayload = payload('reactivateUser', 'ReactivateUserPayload');
export const UnlockUserPayload = payload('unlockUser', 'UnlockUserPayload');
export const DeleteUserPayload = payload('deleteUser', 'DeleteUserPayload');
export const RestoreUserPayload = payload('restoreUser', 'RestoreUserPayload');
export const SendPasswordResetPayload = payload('sendPasswordReset', 'SendPasswordResetPayload');
export const ResetUserMfaPayload = payload('resetUserMfa', 'ResetUserMfaPayload');
export const RevokeUserSessionsPayload = payload('revokeUserSessions', 'RevokeUserSessionsPayload');
export type UserPayload = InstanceType<ReturnType<typeof payload>>;
