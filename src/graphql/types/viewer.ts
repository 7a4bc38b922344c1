/** A person as different readers may see them: `User` by anybody in the graph, `Viewer` by themself. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';

@ObjectType({ description: 'A person, as anybody in the graph may see them.' })
export class User {
  @Field(() => ID, { description: 'UUIDv7. Equal to the `sub` of the access token.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'What the person wants to be called.' })
  displayName!: string | null;
}

@ObjectType({ description: 'A role: a place in the hierarchy, and the permissions that come with it.' })
export class Role {
  @Field(() => String, { description: 'Such as `USER` or `ADMIN`.' })
  name!: string;

  @Field(() => Int, { description: 'Nobody manages a user of their own rank or above.' })
  rank!: number;

  @Field(() => [String], { description: 'What the role permits, such as `profile:write`.' })
  permissions!: string[];

  @Field(() => Boolean, { description: 'Whether Postern brought it along; such a role cannot be deleted.' })
  system!: boolean;
}

@ObjectType({ description: 'Yourself: the account that the access token of this request speaks for.' })
export class Viewer {
  @Field(() => ID, { description: 'UUIDv7. Equal to the `sub` of the access token.' })
  id!: string;

  @Field(() => EmailAddressScalar, { description: 'The address you sign in with.' })
  email!: string;

  @Field(() => Boolean, { description: 'Whether you have shown that you read mail at this address.' })
  emailVerified!: boolean;

  @Field(() => String, { nullable: true, description: 'What you want to be called. Others can see it.' })
  displayName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of mails to you, such as `en` or `de-AT`; null: the language of the service.',
  })
  locale!: string | null;

  @Field(() => Role, { description: 'Your role as it is now, which may be newer than the one in your token.' })
  role!: Role;

  @Field(() => Date, { description: 'When the account was made.' })
  createdAt!: Date;
}
