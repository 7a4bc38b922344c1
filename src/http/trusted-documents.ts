/** Puts the text of a trusted document where Apollo looks for it, whichever way the client asked for it. */
import type { FastifyRequest } from 'fastify';
import type { Caller } from '../domain/caller.ts';
import {
  type DocumentRequest,
  maySendAnyDocument,
  type TrustedDocuments,
  withoutPersistedQuery,
} from '../graphql/documents/trusted-documents.ts';
import type { HttpOptions } from './options.ts';

export const unknownDocument =
  'This gateway accepts trusted documents only. Send the id or the text of a trusted document.';

type Rules = Pick<HttpOptions, 'trustedDocuments' | 'isRouter' | 'sandbox'>;

/** With TRUSTED_DOCUMENTS: a trusted document, any document of the router, and any of an administrator in Sandbox. */
export function isAnswered(request: FastifyRequest, { viewer }: Caller, options: Rules): boolean {
  const { trustedDocuments, isRouter, sandbox } = options;
  if (!trustedDocuments || resolveDocument(request, trustedDocuments)) return true;
  if (isRouter(request.headers['router-authorization'])) return true;
  return sandbox && viewer !== null && maySendAnyDocument(viewer);
}

/** @returns whether the request asks for a document that is known; it then asks for its text */
function resolveDocument(request: FastifyRequest, documents: TrustedDocuments): boolean {
  return request.method === 'GET' ? resolveInUrl(request, documents) : resolveInBody(request, documents);
}

function resolveInBody(request: FastifyRequest, documents: TrustedDocuments): boolean {
  const { body } = request;
  // Several operations in one body are refused further on, and count as untrusted here.
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false;
  const asked: DocumentRequest = body;
  const query = documents.find(asked);
  if (query === null) return false;
  const { documentId: _found, extensions, ...others } = asked;
  request.body = {
    ...others,
    query,
    ...(extensions !== undefined && { extensions: withoutPersistedQuery(extensions) }),
  };
  return true;
}

function resolveInUrl(request: FastifyRequest, documents: TrustedDocuments): boolean {
  const [path = '', search = ''] = request.url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(search);
  const extensions = parsed(parameters.get('extensions'));
  const [query, documentId] = [parameters.get('query'), parameters.get('documentId') ?? undefined];
  const text = documents.find({ query, documentId, extensions });
  if (text === null || parameters.getAll('query').length > 1) return false;
  parameters.set('query', text);
  parameters.delete('documentId');
  if (extensions !== undefined) parameters.set('extensions', JSON.stringify(withoutPersistedQuery(extensions)));
  request.raw.url = `${path}?${parameters}`;
  return true;
}

/** Apollo rejects invalid JSON. */
function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
