/** Scalars of our own. What makes an address acceptable is decided in domain/text/email-address.ts, with an error a form can use. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

function text(value: unknown): string {
  // Never the value: it may be a password in the wrong field.
  if (typeof value !== 'string') throw new GraphQLError('EmailAddress takes a string.');
  return value;
}

export const EmailAddressScalar = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'An e-mail address, such as `ada@example.com`. Letter case and surrounding white space do not matter.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : null),
});
