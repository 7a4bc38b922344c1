/**
 * Which hosts the console and the mailbox are served for. A name that an attacker's DNS points at this machine would
 * make the attacker's page and these pages one origin (DNS rebinding). An IP address cannot be pointed elsewhere.
 */
import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import { errorBody } from '../../graphql/request/errors.ts';

/** @returns an `onRequest` hook that refuses every other host with 403 */
export function onlyForOwnHosts(publicUrl: string) {
  const publicHost = new URL(publicUrl).hostname;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const host = hostnameOf(request.headers.host);
    if (host === publicHost || isLoopbackName(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0) return undefined;
    const { errors } = errorBody(new Refusal('FORBIDDEN'), request.id);
    const message = `This page is served at ${publicUrl} and at the addresses of this machine.`;
    return reply.code(403).send({ errors: errors.map((error) => ({ ...error, message })) });
  };
}

function hostnameOf(host: string | undefined): string {
  const url = `http://${host ?? ''}`;
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function isLoopbackName(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}
