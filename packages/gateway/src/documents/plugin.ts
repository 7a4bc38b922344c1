/** The part of the process that looks at documents only: trusted documents, and limits before validation. */
import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { badRequest } from '../refusals.ts';
import { type DocumentLimits, parseBounded, sizeProblem } from './limits.ts';
import { type TrustedDocuments, withoutPersistedQuery } from './trusted-documents.ts';

const unknownDocument = 'This gateway accepts trusted documents only. Send the id or the text of a trusted document.';

export function createDocumentPlugin(limits: DocumentLimits, trusted: TrustedDocuments | null): GatewayPlugin {
  return {
    onParams({ params, request, setParams }) {
      if (!trusted) return;
      const documentId = request.method === 'GET' ? new URL(request.url).searchParams.get('documentId') : idIn(params);
      const query = trusted.find({
        query: params.query,
        documentId: documentId ?? undefined,
        extensions: params.extensions,
      });
      if (query === null) throw badRequest(unknownDocument);
      const { extensions, ...others } = params;
      const kept = withoutPersistedQuery(extensions);
      setParams({ ...others, query, ...(kept && { extensions: kept }) });
    },
    onParse({ setParseFn }) {
      setParseFn(parseBounded);
    },
    onValidate({ params, setResult }) {
      const problem = sizeProblem(params.documentAST, limits);
      if (problem) setResult([problem]);
    },
  };
}

/** Beside the members that the engine knows. */
function idIn(params: object): unknown {
  return 'documentId' in params ? params.documentId : undefined;
}
