/**
 * API keys are accepted in one `Authorization` header alone. In an address they end up in logs of proxies and in browser
 * histories, and beside another credential it would be open whose rights count.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { apiKeyPrefix, hasApiKeyForm } from '../domain/applications/identify-key.ts';
import type { Client } from '../domain/caller.ts';
import { Refusal } from '../domain/errors.ts';
import { errorBody } from '../graphql/request/errors.ts';
import { clientOf } from './client.ts';
import { isDecodable } from './decodable.ts';

const inAddress = 'Send API keys in the Authorization header only. Revoke this key: addresses are logged.';
const twoHeaders = 'Send one Authorization header.';
const besideCookie = 'Send either an API key or a session cookie.';
/** Percent-encoding hides the underscore of the prefix. */
const prefixForm = /pst(_|%5f)/i;

/** @param noteExposed takes an address with at least one key */
export function refuseMisplacedKeys(
  server: FastifyInstance,
  noteExposed: (client: Client, address: string) => void,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    const exposing = addressWithKey(request);
    if (exposing !== null) {
      noteExposed(clientOf(request), exposing);
      // The address must not reach the log.
      request.raw.url = '/withheld';
      return refuse(request, reply, inAddress);
    }
    if (authorizationsOf(request) > 1) return refuse(request, reply, twoHeaders);
    done();
  });
}

/** For `/graphql`, where the cookie is a credential too. */
export function isKeyBesideCookie({ headers: { authorization = '' }, cookies, server }: FastifyRequest): boolean {
  const isKey = /^Bearer +/i.test(authorization) && authorization.includes(` ${apiKeyPrefix}`);
  return isKey && cookies[server.cookieScheme.refresh] !== undefined;
}

export function refuseKeyBesideCookie(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.code(400).send(errorBody(new Refusal('BAD_REQUEST'), request.id, besideCookie));
}

function refuse(request: FastifyRequest, reply: FastifyReply, message: string): void {
  reply.code(400).send(errorBody(new Refusal('BAD_REQUEST'), request.id, message));
}

/** @returns the address, decoded where the encoding hides the key; null: it contains no key */
function addressWithKey({ raw: { url = '' } }: FastifyRequest): string | null {
  if (!prefixForm.test(url)) return null;
  const addresses = isDecodable(url) ? [url, decodeURIComponent(url)] : [url];
  return addresses.find(hasApiKeyForm) ?? null;
}

/** Node keeps the first of several. */
function authorizationsOf({ raw: { rawHeaders } }: FastifyRequest): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === 13 && rawHeaders[index]?.toLowerCase() === 'authorization') count += 1;
  return count;
}
