/** Scalars of our own. What makes an address acceptable is decided in domain/text/email-address.ts, with an error a form can use. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

function text(value: unknown): string {
  // Never the value: it may be a password in the wrong field.
  if (typeof value !== 'string') throw new GraphQLError('EmailAddress must be a string.');
  return value;
}

export const EmailAddressScalar = new GraphQLScalarType<string, string>({
  name: 'EmailAddress',
  description: 'An e-mail address, for example `ada@example.com`. Letter case and surrounding white space are ignored.',
  serialize: text,
  parseValue: text,
  parseLiteral: (node) => text(node.kind === Kind.STRING ? node.value : null),
});
