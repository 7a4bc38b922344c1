/**
 * Restricts the console and the mailbox to the gateway's own hosts. A name that an attacker's DNS resolves to this machine
 * would give the attacker's page and these pages one origin (DNS rebinding). An IP address is never resolved.
 */
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import { errorBody } from '../../graphql/request/errors.ts';
import { isLoopbackName, withoutBrackets } from '../../loopback.ts';

/** @returns an `onRequest` hook that rejects every other host with 403 */
export function onlyForOwnHosts(publicUrl: string) {
  const publicHost = new URL(publicUrl).hostname;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const host = hostnameOf(request.headers.host);
    if (host === publicHost || isLoopbackName(host) || isIP(withoutBrackets(host)) !== 0) return undefined;
    const message = `This page is available only at ${publicUrl} and at the local addresses of this machine.`;
    return reply.code(403).send(errorBody(new Refusal('FORBIDDEN'), request.id, message));
  };
}

function hostnameOf(host: string | undefined): string {
  const url = `http://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}
