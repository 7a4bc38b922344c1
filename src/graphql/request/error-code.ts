/** The closed list of error codes as an enum of the SDL, so that generated clients can switch on it. */
import { GraphQLEnumType } from 'graphql';
import { publicMessages } from '../../domain/errors.ts';

export const ErrorCodeEnum = new GraphQLEnumType({
  name: 'ErrorCode',
  description: 'The values of `extensions.code` of an error. New codes may be added.',
  values: Object.fromEntries(Object.entries(publicMessages).map(([code, description]) => [code, { description }])),
});
