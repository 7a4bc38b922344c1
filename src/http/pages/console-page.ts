/** The page of GraphiQL and its script: the open tabs, the caller, and the source of the access token. */
import { consoleOperations, documentOf } from './console-operations.ts';

const tabs = consoleOperations.map((operation) => ({
  query: documentOf(operation),
  variables: JSON.stringify(operation.variables, null, 2),
}));

/**
 * Sends an operation with the access token of the page, and takes over the token of the response. For a moment after a
 * change of tabs, GraphiQL still names the operation of the previous tab.
 */
const askScript = `
function withoutStaleName({ query, variables, operationName }) {
  const known = [...query.matchAll(/\\b(?:query|mutation|subscription)\\s+(\\w+)/g)].map(([, name]) => name);
  return known.includes(operationName) ? { query, variables, operationName } : { query, variables };
}

async function ask(operation, { headers = {} } = {}) {
  const named = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const mine = token.value.trim() && !named ? { authorization: 'Bearer ' + token.value.trim() } : {};
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...mine, ...headers },
    body: JSON.stringify(withoutStaleName(operation)),
  });
  const answer = await response.json();
  for (const payload of Object.values(answer.data ?? {})) {
    if (payload?.accessToken) token.value = payload.accessToken;
  }
  return answer;
}
`;

/** Replaces localStorage: GraphiQL would store passwords and tokens there, and they would outlive the page. */
const storageScript = `
const kept = new Map();
const storage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => void kept.set(name, value),
  removeItem: (name) => void kept.delete(name),
  clear: () => kept.clear(),
  get length() { return kept.size; },
};
`;

/** @param workers file names by Monaco's names */
export function consoleScript(workers: Readonly<Record<string, string>>): string {
  return `'use strict';
const endpoint = location.pathname.replace(/\\/console\\/?$/, '');
const workers = ${JSON.stringify(workers)};
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_module, label) => endpoint + '/console/' + (workers[label] ?? workers.editorWorkerService),
};

const token = document.getElementById('token');
if (location.hash === '#sandbox-did-not-load') document.getElementById('why').hidden = false;
${askScript}${storageScript}
YogaGraphiQL.renderYogaGraphiQL(document.getElementById('graphiql'), {
  title: 'Postern',
  logo: '',
  fetcher: ask,
  defaultTabs: ${JSON.stringify(tabs)},
  initialQuery: undefined,
  onEditQuery: () => undefined,
  shouldPersistHeaders: false,
  storage,
});
`;
}

/** `transform: none`: with many tabs, GraphiQL moves a tab while the mouse presses it. */
export const consoleStyle = `
html, body { height: 100%; margin: 0; }
body { display: flex; flex-direction: column; }
header { align-items: center; background: #1f4b99; color: #fff; display: flex; flex-wrap: wrap; font: 14px/1.4 system-ui, sans-serif; gap: 4px 24px; padding: 8px 16px; }
header p { flex: 1 1 30em; margin: 0; }
header label { align-items: center; display: flex; flex: 0 1 26em; gap: 8px; white-space: nowrap; }
header input { border: 1px solid #fff; border-radius: 4px; flex: 1; font: 13px monospace; min-width: 8em; padding: 4px 8px; }
[hidden] { display: none; }
#graphiql { flex: 1; min-height: 0; }
#graphiql .graphiql-container { height: 100%; }
#graphiql .graphiql-session-header { height: auto; }
#graphiql .graphiql-tabs { flex-wrap: wrap; }
#graphiql .graphiql-tab { transform: none !important; }
`;

export interface ConsoleFiles {
  /** File names, in the order in which the page loads them. */
  styles: readonly string[];
  scripts: readonly string[];
}

/** @param folder the folder of the files, relative to the page */
export function consolePage(folder: string, { styles, scripts }: ConsoleFiles): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Postern - GraphiQL</title>
<link rel="icon" href="data:,">
${styles.map((name) => `<link rel="stylesheet" href="${folder}${name}">`).join('\n')}
</head>
<body>
<header>
<p><strong id="why" hidden>Apollo Sandbox could not be loaded from Apollo's CDN.</strong>
This is GraphiQL, which is part of the gateway. Start with the tab SignIn: the page puts the access token of its response
into this field and sends it with every request. The page stores nothing: its content is lost when you close it.</p>
<label>Access token <input id="token" autocomplete="off" spellcheck="false" placeholder="not signed in"></label>
</header>
<div id="graphiql"></div>
${scripts.map((name) => `<script src="${folder}${name}"></script>`).join('\n')}
</body>
</html>
`;
}

/** GraphiQL's editor writes inline styles. */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  'font-src data:',
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
