/** The keys that sign access tokens, and their rotation. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A key that signs access tokens. Its public key is published at `/.well-known/jwks.json`.' })
export class SigningKey {
  @Field(() => ID, { description: 'The id of the key, which tokens name as `kid`.' })
  kid!: string;

  @Field(() => String, {
    description:
      '`next`: published, signs later. `active`: signs. `retired`: published until the last token that it signed has expired.',
  })
  state!: string;

  @Field(() => Date, { description: 'The time of the creation.' })
  createdAt!: Date;

  @Field(() => Date, { nullable: true, description: 'The time since which the key signs or signed. Null for `next`.' })
  activatedAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'The time at which another key replaced it. Null before that.' })
  retiredAt!: Date | null;

  @Field(() => Date, {
    nullable: true,
    description:
      'The time from which the key may sign: by then every verifier has fetched it. Null for `active` and `retired`.',
  })
  promotableAt!: Date | null;
}

@InputType({ description: 'The rotation of the signing keys.' })
export class RotateSigningKeysInput {
  @Field(() => String, { nullable: true, description: 'The reason, for the audit trail. At most 500 characters.' })
  reason?: string | null;
}

@ObjectType({ description: 'The answer to `rotateSigningKeys`.' })
export class RotateSigningKeysPayload {
  @Field(() => [SigningKey], { description: 'All keys after the call, oldest first.' })
  keys!: SigningKey[];

  @Field(() => Boolean, {
    description:
      'True when the next key signs now. False when it is too new: nothing changed; try again at `promotableAt`.',
  })
  promoted!: boolean;

  @Field(() => Date, { nullable: true, description: 'The time from which the next rotation is possible.' })
  promotableAt!: Date | null;
}
