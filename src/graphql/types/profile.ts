/** Input and payload of `updateProfile`. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { Viewer } from './viewer.ts';

@InputType({ description: 'The changes of the profile. Absent fields stay unchanged.' })
export class UpdateProfileInput {
  @Field(() => String, {
    nullable: true,
    description: 'The display name. At most 100 characters. Null or empty removes it.',
  })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The language of mails to the user, for example `en` or `de-AT`. Null resets it to the language of the service.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The answer to `updateProfile`.' })
export class UpdateProfilePayload {
  @Field(() => Viewer, { description: 'The signed-in user after the change.' })
  viewer!: Viewer;
}
