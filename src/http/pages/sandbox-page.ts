/**
 * The page that embeds Apollo Sandbox. Its script comes from Apollo's CDN: if that cannot be reached, the page
 * redirects to GraphiQL (console.ts), which the gateway serves itself.
 */
import { createHash } from 'node:crypto';
import { consoleOperations, documentOf } from './console-operations.ts';

/** Sandbox has one pane of variables for all of its operations; an operation ignores names that it does not declare. */
const initialState = {
  document: consoleOperations.map(documentOf).join('\n'),
  variables: Object.assign({}, ...consoleOperations.map(({ variables }) => variables)),
  pollForSchemaUpdates: false,
};

const patienceMs = 5000;

const script = `
const path = location.pathname.replace(/\\/$/, '');
const fallback = path + '/console#sandbox-did-not-load';
document.getElementById('fallback').href = path + '/console';
const failed = () => location.replace(fallback);
const timer = setTimeout(failed, ${patienceMs});
const embed = document.createElement('script');
embed.src = 'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js';
embed.onerror = failed;
embed.onload = () => {
  clearTimeout(timer);
  document.getElementById('waiting').hidden = true;
  new window.EmbeddedSandbox({
    target: '#sandbox',
    initialEndpoint: location.origin + path,
    includeCookies: true,
    initialState: ${JSON.stringify(initialState)},
  });
};
document.head.append(embed);
`;

const style = `
html, body, #sandbox { height: 100%; margin: 0; }
#waiting { color: #1c2430; font: 16px/1.6 system-ui, sans-serif; padding: 24px; position: absolute; }
[hidden] { display: none; }
`;

export const sandboxPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Postern - Sandbox</title><style>${style}</style></head>
<body>
<p id="waiting">Apollo Sandbox is on its way from Apollo's CDN.
<a id="fallback" href="#">Open GraphiQL instead</a>, which comes with the gateway.</p>
<div id="sandbox"></div>
<script>${script}</script>
</body>
</html>
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Apollo's embedded Sandbox is an iframe on Apollo's origin. It sends messages to this page, and this page sends the
 * requests to the gateway.
 */
export const sandboxPolicy = [
  "default-src 'none'",
  `script-src ${hash(script)} https://embeddable-sandbox.cdn.apollographql.com`,
  `style-src 'unsafe-inline' https://embeddable-sandbox.cdn.apollographql.com`,
  "img-src 'self' data: https://*.apollographql.com",
  'frame-src https://sandbox.embed.apollographql.com',
  "connect-src 'self' https://*.apollographql.com",
  'manifest-src https://embeddable-sandbox.cdn.apollographql.com',
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
