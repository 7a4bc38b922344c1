/** Input and payload of `updateProfile`. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { Viewer } from './viewer.ts';

@InputType({ description: 'What to change about yourself. What is absent stays as it is.' })
export class UpdateProfileInput {
  @Field(() => String, {
    nullable: true,
    description: 'At most 100 characters. Null or empty takes the name away; absent leaves it.',
  })
  displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The language of mails to you, such as `en` or `de-AT`. Null takes it away; absent leaves it.',
  })
  locale?: string | null;
}

@ObjectType({ description: 'The answer to `updateProfile`.' })
export class UpdateProfilePayload {
  @Field(() => Viewer, { description: 'Yourself, as you are now.' })
  viewer!: Viewer;
}
