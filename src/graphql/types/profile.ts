/** Input and payload of `updateProfile`. */
import { Field, InputType, ObjectType } from 'type-graphql';
import { Viewer } from './viewer.ts';

@InputType({ description: 'What to change about yourself.' })
export class UpdateProfileInput {
  @Field(() => String, { nullable: true, description: 'At most 100 characters; null or empty takes the name away.' })
  displayName?: string | null;
}

@ObjectType({ description: 'The answer to `updateProfile`.' })
export class UpdateProfilePayload {
  @Field(() => Viewer, { description: 'Yourself, as you are now.' })
  viewer!: Viewer;
}
