/** Reads the form of a request to `/oauth`, and how its client authenticates (RFC 6749 2.3, RFC 7523 2.2). */
import type { FastifyRequest } from 'fastify';
import type { PresentedClient } from '../../domain/applications/authenticate-client.ts';
import { apiKeyPrefix } from '../../domain/applications/identify-key.ts';
import { OauthError } from './oauth-errors.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const maxParameters = 20;

/** @throws OauthError invalid_request for another content type and for a repeated parameter */
export function readForm({ body }: FastifyRequest): ReadonlyMap<string, string> {
  if (typeof body !== 'string')
    throw new OauthError('invalid_request', 'Send the parameters as application/x-www-form-urlencoded.');
  const form = new Map<string, string>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(body)) {
    count += 1;
    if (form.has(name) || count > maxParameters)
      throw new OauthError('invalid_request', 'Send each parameter once, and no further ones.');
    form.set(name, value);
  }
  return form;
}

/** @returns null without client authentication @throws OauthError invalid_request for two methods at once */
export function readPresentedClient(
  { headers: { authorization } }: FastifyRequest,
  form: ReadonlyMap<string, string>,
): PresentedClient | null {
  const clientId = form.get('client_id') ?? null;
  const secret = form.get('client_secret');
  const assertion = form.get('client_assertion');
  const methods = [authorization, secret, assertion].filter((one) => one !== undefined);
  if (methods.length > 1) throw new OauthError('invalid_request', 'Use one method of client authentication.');
  if (authorization !== undefined) return ofHeader(authorization, clientId);
  if (assertion !== undefined) {
    if (form.get('client_assertion_type') !== assertionType)
      throw new OauthError('invalid_request', `client_assertion_type is ${assertionType}.`);
    return { method: 'assertion', assertion, clientId };
  }
  return secret === undefined || clientId === null ? null : { method: 'secret', clientId, secret };
}

/** Id and secret of the Basic scheme are form-encoded before they are joined (RFC 6749 2.3.1). */
function ofHeader(header: string, named: string | null): PresentedClient | null {
  const [, scheme = '', value = ''] = /^(Basic|Bearer) +(\S+) *$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value.startsWith(apiKeyPrefix) ? { method: 'key', key: value } : null;
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, 'base64').toString('utf8')) ?? [];
  const clientId = decoded(id);
  const decodedSecret = decoded(secret);
  if (clientId === null || decodedSecret === null || (named !== null && named !== clientId)) return null;
  return { method: 'secret', clientId, secret: decodedSecret };
}

function decoded(text: string | undefined): string | null {
  try {
    return text === undefined ? null : decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}
