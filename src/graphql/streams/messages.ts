/** The messages of GraphQL over SSE, in the mode of distinct connections (graphql-sse, PROTOCOL.md). */

/** Keeps proxies from closing an idle connection. */
export const commentMessage = ':\n\n';

export const completeMessage = 'event: complete\ndata:\n\n';

/** JSON contains no line feed outside of its strings, and escapes those inside. */
export function nextMessage(result: object): string {
  return `event: next\ndata: ${JSON.stringify(result)}\n\n`;
}
