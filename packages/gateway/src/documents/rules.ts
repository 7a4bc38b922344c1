/** Rules for documents that hold with every engine. */
import type { ASTVisitor, ValidationContext } from 'graphql';
import { badRequest } from '../refusals.ts';

/**
 * Names with two underscores are GraphQL's own. An engine finds the type of an object in `__typename`: a document must not
 * put another value there.
 */
export function noReservedAliases(context: ValidationContext): ASTVisitor {
  return {
    Field({ alias, name }) {
      if (alias?.value.startsWith('__') && alias.value !== name.value)
        context.reportError(badRequest('An alias begins with two underscores. Use another name.'));
    },
  };
}
