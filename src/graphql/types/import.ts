/** Users of another system: the input and the answer of `importUsers`. */
import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { ImportConflict, RowResult } from '../../domain/administration/import/row.ts';
import { EmailAddressScalar } from '../scalars.ts';
import { ManagedUser } from './managed-user.ts';

const ImportConflictEnum = { SKIP: 'SKIP', LINK: 'LINK', FAIL: 'FAIL' } as const;
registerEnumType(ImportConflictEnum, {
  name: 'ImportConflict',
  description: 'What happens to a user whose address belongs to an account here.',
  valuesConfig: {
    SKIP: { description: 'The user is skipped.' },
    LINK: {
      description:
        'The identities and the external id are added to the account, if both addresses are verified and the account is active. Its password, role, name and second factors stay.',
    },
    FAIL: { description: 'The user fails.' },
  },
});

const ImportOutcomeEnum = { CREATED: 'CREATED', LINKED: 'LINKED', SKIPPED: 'SKIPPED', FAILED: 'FAILED' } as const;
registerEnumType(ImportOutcomeEnum, {
  name: 'ImportOutcome',
  description: 'What happened to a user of an import.',
  valuesConfig: {
    CREATED: { description: 'An account was created.' },
    LINKED: { description: 'The user was linked to an account that existed.' },
    SKIPPED: { description: 'Nothing changed: see `reason`.' },
    FAILED: { description: 'Nothing changed, because something is wrong: see `reason`.' },
  },
});

@InputType({ description: 'An account at an external provider.' })
export class ImportIdentityInput {
  @Field(() => String, { description: 'The slug of a provider of this installation, or its issuer.' })
  provider!: string;

  @Field(() => String, { description: 'The id of the user at the provider: the claim `sub`.' })
  subject!: string;

  @Field(() => EmailAddressScalar, { nullable: true, description: 'The address, as the provider names it.' })
  email?: string | null;
}

@InputType({ description: 'A user of another system.' })
export class ImportUserInput {
  @Field(() => String, {
    description: 'The id of the user there. A user with an id that was imported before is skipped.',
  })
  externalId!: string;

  @Field(() => EmailAddressScalar, { description: 'The e-mail address to sign in with.' })
  email!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether the other system has verified the address. Where verification is required, a user with an unverified address is `INVITED`, without a password.',
  })
  emailVerified!: boolean;

  @Field(() => String, { nullable: true, description: 'The display name. At most 100 characters.' })
  displayName?: string | null;

  @Field(() => String, { nullable: true, description: 'The language of mails, a BCP 47 tag such as `de-AT`.' })
  locale?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The name of a role of a lower rank than the role of the caller. Default `USER`.',
  })
  role?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The hash of the password: Argon2, bcrypt, scrypt or PBKDF2, in the forms of `docs/import.md`. It is replaced by Argon2id at the first sign-in. Never send a password.',
  })
  passwordHash?: string | null;

  @Field(() => Date, { nullable: true, description: 'The time of the creation of the account there. Default: now.' })
  createdAt?: Date | null;

  @Field(() => [ImportIdentityInput], { nullable: true, description: 'Accounts at external providers, at most 20.' })
  identities?: ImportIdentityInput[] | null;
}

@InputType({ description: 'Users to import.' })
export class ImportUsersInput {
  @Field(() => [ImportUserInput], { description: 'The users: 1 to 100.' })
  users!: ImportUserInput[];

  @Field(() => ImportConflictEnum, {
    defaultValue: 'SKIP',
    description: 'What happens to a user whose address belongs to an account here.',
  })
  onConflict!: ImportConflict;

  @Field(() => Boolean, { defaultValue: false, description: 'True: everything is checked and nothing is written.' })
  dryRun!: boolean;
}

@ObjectType({ description: 'What happened to one user of an import.' })
export class ImportResult {
  @Field(() => ID, { description: 'The id of the user in the other system.' })
  externalId!: string;

  @Field(() => ImportOutcomeEnum, { description: 'What happened.' })
  outcome!: RowResult['outcome'];

  @Field(() => ManagedUser, {
    nullable: true,
    description: 'The account. Null: there is none, or the run was a dry run.',
  })
  user!: ManagedUser | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the user was skipped or failed, for example `ALREADY_IMPORTED`, `EMAIL_TAKEN` or `WEAK_HASH` (`docs/import.md` lists all).',
  })
  reason!: string | null;

  @Field(() => [String], {
    description: 'What the account lacks, for example `PASSWORD_NOT_IMPORTED`. Usually empty.',
  })
  warnings!: string[];
}

@ObjectType({ description: 'The answer to `importUsers`.' })
export class ImportUsersPayload {
  @Field(() => [ImportResult], { description: 'One result for each user, in the order of the input.' })
  results!: ImportResult[];
}
