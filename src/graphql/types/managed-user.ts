/** Users as administrators see them, how they look for them, and what they do to them. */
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
  description: 'What state an account is in.',
  valuesConfig: {
    ACTIVE: { description: 'Its owner can sign in.' },
    SUSPENDED: { description: 'An administrator keeps its owner out, until `reactivateUser`.' },
    DELETED: { description: 'Deleted. It can be restored for a while, and holds its address as long.' },
    INVITED: { description: 'Its owner has yet to follow the link of the invitation and choose a password.' },
  },
});

@ObjectType({ description: 'An account, as an administrator sees it.' })
export class ManagedUser {
  @Field(() => ID, { description: 'UUIDv7. Equal to the `sub` of the access tokens.' })
  id!: string;

  @Field(() => EmailAddressScalar, { description: 'The address to sign in with.' })
  email!: string;

  @Field(() => Boolean, { description: 'Whether the owner has shown that they read mail at this address.' })
  emailVerified!: boolean;

  @Field(() => String, { nullable: true, description: 'What the person wants to be called.' })
  displayName!: string | null;

  @Field(() => UserStatusEnum, { description: 'What state the account is in.' })
  status!: UserStatus;

  @Field(() => Date, { nullable: true, description: 'When its owner last signed in; null: never.' })
  lastLoginAt!: Date | null;

  @Field(() => Date, { description: 'When the account was made.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'When it was deleted; null: it is not.' })
  deletedAt!: Date | null;

  /** What `role` is looked up by. */
  roleName!: string;
}

export const ManagedUserConnection = connectionType(ManagedUser, 'ManagedUser');
export type ManagedUserConnection = InstanceType<typeof ManagedUserConnection>;

@InputType({ description: 'Which users to list: those to whom all of this applies. What is absent does not matter.' })
export class UserFilter {
  @Field(() => String, { nullable: true, description: 'What the address begins with, in any letter case.' })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Words of the name or their beginnings, in any order and letter case: `lov ad` finds Ada Lovelace.',
  })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the role, such as `MODERATOR`.' })
  role?: string | null;

  @Field(() => UserStatusEnum, { nullable: true, description: 'The state of the account.' })
  status?: UserStatus | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they have a second factor.' })
  mfaEnabled?: boolean | null;

  @Field(() => Date, { nullable: true, description: 'Made at this time or later.' })
  createdFrom?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Made before this time.' })
  createdBefore?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Last signed in at this time or later.' })
  lastLoginFrom?: Date | null;

  @Field(() => Date, {
    nullable: true,
    description: 'Last signed in before this time. Those who never did are not among them.',
  })
  lastLoginBefore?: Date | null;
}

const UserOrderFieldEnum = { CREATED_AT: 'CREATED_AT', EMAIL: 'EMAIL', LAST_LOGIN_AT: 'LAST_LOGIN_AT' } as const;
registerEnumType(UserOrderFieldEnum, {
  name: 'UserOrderField',
  description: 'What a list of users can be sorted by.',
  valuesConfig: {
    CREATED_AT: { description: 'When the account was made.' },
    EMAIL: { description: 'The address, character by character.' },
    LAST_LOGIN_AT: { description: 'When its owner last signed in; those who never did come before all others.' },
  },
});

const OrderDirectionEnum = { ASC: 'ASC', DESC: 'DESC' } as const;
type OrderDirection = keyof typeof OrderDirectionEnum;
registerEnumType(OrderDirectionEnum, {
  name: 'OrderDirection',
  description: 'Which end of a list comes first.',
  valuesConfig: {
    ASC: { description: 'The smallest or oldest.' },
    DESC: { description: 'The greatest or newest.' },
  },
});

@InputType({ description: 'What to sort users by. Cursors belong to the order that they were given out in.' })
export class UserOrder {
  @Field(() => UserOrderFieldEnum, { defaultValue: 'CREATED_AT', description: 'What to sort by.' })
  field!: UserSortField;

  @Field(() => OrderDirectionEnum, { defaultValue: 'DESC', description: 'Which end comes first.' })
  direction!: OrderDirection;
}

@InputType({ description: 'A new account for somebody else.' })
export class CreateUserInput {
  @Field(() => EmailAddressScalar, { description: 'The address to sign in with. The invitation goes there.' })
  email!: string;

  @Field(() => String, { nullable: true, description: 'What to call the person. At most 100 characters.' })
  displayName?: string | null;

  @Field(() => String, {
    description: 'The name of a role below your own. Another one than `USER` needs `roles:assign`.',
  })
  role!: string;
}

const reasonField = {
  nullable: true,
  description: 'Why. It is kept in the audit trail, where other administrators read it. At most 500 characters.',
} as const;

@InputType({ description: 'Which role to give to whom.' })
export class SetUserRoleInput {
  @Field(() => ID, { description: 'The user.' })
  userId!: string;

  @Field(() => String, { description: 'The name of a role below your own.' })
  role!: string;

  @Field(() => String, reasonField)
  reason?: string | null;
}

/** All that is done to a user without further ado takes the same input, of a name of its own. */
function instruction(name: string, description: string) {
  @InputType(name, { description })
  class UserInstruction {
    @Field(() => ID, { description: 'The user.' })
    userId!: string;

    @Field(() => String, reasonField)
    reason?: string | null;
  }
  return UserInstruction;
}

export const SuspendUserInput = instruction('SuspendUserInput', 'Whom to keep out.');
export const ReactivateUserInput = instruction('ReactivateUserInput', 'Whom to let in again.');
export const UnlockUserInput = instruction('UnlockUserInput', 'Whose locks to lift.');
export const DeleteUserInput = instruction('DeleteUserInput', 'Whose account to delete.');
export const RestoreUserInput = instruction('RestoreUserInput', 'Whose account to bring back.');
export const SendPasswordResetInput = instruction('SendPasswordResetInput', 'Whom to send a link to.');
export const ResetUserMfaInput = instruction('ResetUserMfaInput', 'Whose second factors to remove.');
export const RevokeUserSessionsInput = instruction('RevokeUserSessionsInput', 'Whom to sign out everywhere.');
export type UserInstruction = InstanceType<ReturnType<typeof instruction>>;

/** All of them answer with the user. */
function payload(mutation: string, name: string) {
  @ObjectType(name, { description: `The answer to \`${mutation}\`.` })
  class UserPayload {
    @Field(() => ManagedUser, { description: 'The user as they are now.' })
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
