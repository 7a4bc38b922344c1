/** The part of the process that looks at documents only: trusted documents, and limits before validation. */
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { badRequest } from '../refusals.ts';
import { type DocumentLimits, parseBounded, sizeProblem } from './limits.ts';
import { type TrustedDocuments, withoutPersistedQuery } from './trusted-documents.ts';

const unknownDocument = 'This gateway accepts trusted documents only. Send the id or the text of a trusted document.';

export function createDocumentPlugin(limits: DocumentLimits, trusted: TrustedDocuments | null): GatewayPlugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (trusted && requestParser) setRequestParser(async (request) => withoutId(await requestParser(request)));
    },
    onParams({ params, request, setParams }) {
      if (!trusted) return;
      const documentId = request.method === 'GET' ? new URL(request.url).searchParams.get('documentId') : null;
      const { query: sent, extensions, ...others } = params;
      const query = trusted.find({ query: sent, documentId: documentId ?? undefined, extensions });
      if (query === null) throw badRequest(unknownDocument);
      const kept = withoutPersistedQuery(extensions);
      setParams({ ...others, query, ...(kept && { extensions: kept }) });
    },
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
      // Before graphql's own rules, some of which take quadratic time.
      return ({ result }) => {
        const problem = result && 'definitions' in result ? sizeProblem(result, limits) : null;
        if (problem) throw problem;
      };
    },
  };
}

/** The engine refuses members that it does not know: the id moves to the place where clients of Apollo put it. */
function withoutId<Params extends object>(params: Params): Params {
  if (!('documentId' in params)) return params;
  const { documentId } = params;
  const moved = { ...params, extensions: { persistedQuery: { sha256Hash: documentId } } };
  Reflect.deleteProperty(moved, 'documentId');
  return moved;
}
