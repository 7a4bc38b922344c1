/**
 * Parses bodies: JSON in well-formed UTF-8. Replacing ill-formed text by U+FFFD would make several passwords equal.
 * Another charset or content encoding is 415, ill-formed UTF-8 or a lone surrogate 400. A byte order mark is skipped.
 */
import type { FastifyInstance, preParsingHookHandler } from 'fastify';
import { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';

/** Decoded UTF-8 can hold a lone surrogate only through an escape. */
const surrogateEscape = /\\u[dD][89a-fA-F]/;
const illFormed = 'The request body is not valid Unicode. Send UTF-8 without lone surrogates.';
const utf8 = new TextDecoder('utf-8', { fatal: true });

export function registerJsonBodies(server: FastifyInstance): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  // JSON bodies only: browsers send the other types across sites without a preflight request.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const text = decoded(body);
    if (text === null) return done(new IllFormedText(illFormed));
    parse(request, text, (error, value) => {
      const isIllFormed = error === null && surrogateEscape.test(text) && holdsSurrogate(value);
      done(isIllFormed ? new IllFormedText(illFormed) : error, value);
    });
  });
  server.addHook('preParsing', refuseOtherEncodings);
}

/** The response has status 400 and this message. */
export class IllFormedText extends Error {
  readonly statusCode = 400;
}

const refuseOtherEncodings: preParsingHookHandler = (request, reply, payload, done) => {
  const refuse = (message: string) => {
    reply.code(415).send(errorBody(new Refusal('BAD_REQUEST'), request.id, message));
  };
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding.trim().toLowerCase() !== 'identity') {
    reply.header('accept-encoding', 'identity');
    return refuse('Send the body without a content encoding.');
  }
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.headers['content-type'] ?? '') ?? [];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) return refuse('Send the body in UTF-8.');
  done(null, payload);
};

function decoded(body: Buffer): string | null {
  try {
    return utf8.decode(body);
  } catch {
    return null;
  }
}

/** Checks keys and values, without recursion: a body may be tens of thousands of levels deep. */
function holdsSurrogate(root: unknown): boolean {
  const open = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) return true;
    if (typeof value === 'object' && value !== null)
      open.push(...Object.keys(value), ...Object.values(value).filter((one) => one !== undefined));
  }
  return false;
}
