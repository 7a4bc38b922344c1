/** A user for different readers: `User` for every caller of the graph, `Viewer` for the signed-in user. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { EmailAddressScalar } from '../scalars.ts';

@ObjectType({ description: 'The public part of a user.' })
export class User {
  @Field(() => ID, { description: 'A UUIDv7. Equal to the claim `sub` of the access token.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The display name that the user chose.' })
  displayName!: string | null;
}

@ObjectType({ description: 'A role: a rank in the hierarchy, and permissions.' })
export class Role {
  @Field(() => String, { description: 'The name, for example `USER` or `ADMIN`.' })
  name!: string;

  @Field(() => Int, { description: 'The rank, 0 to 100. A user can manage only users of lower ranks.' })
  rank!: number;

  @Field(() => [String], { description: 'The permissions of the role, for example `profile:write`.' })
  permissions!: string[];

  @Field(() => Boolean, { description: 'True for a built-in role. Built-in roles cannot be deleted.' })
  system!: boolean;
}

@ObjectType({ description: 'The signed-in user: the account of the access token of this request.' })
export class Viewer {
  @Field(() => ID, { description: 'A UUIDv7. Equal to the claim `sub` of the access token.' })
  id!: string;

  @Field(() => EmailAddressScalar, { description: 'The e-mail address to sign in with.' })
  email!: string;

  @Field(() => Boolean, { description: 'True when the user has confirmed the address.' })
  emailVerified!: boolean;

  @Field(() => String, { nullable: true, description: 'The display name. Other users can see it.' })
  displayName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of mails to the user, for example `en` or `de-AT`. Null: the language of the service.',
  })
  locale!: string | null;

  @Field(() => Role, { description: 'The current role. It may differ from the role in the access token.' })
  role!: Role;

  @Field(() => Date, { description: 'The time of the creation of the account.' })
  createdAt!: Date;
}
