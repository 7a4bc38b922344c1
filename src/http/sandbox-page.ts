/** The page that embeds Apollo Sandbox. The script comes from Apollo's CDN: without network the page says so and how to go on. */
import { createHash } from 'node:crypto';

const firstOperation = `# Postern: type here, press the button. Start with what needs no account:
query Policy {
  passwordPolicy { preset minLength maxLength requiredClasses }
}

# Then an account. The mail arrives at /dev/mailbox (development).
mutation Register {
  register(input: { email: "ada@example.com", password: "correct Horse 7 battery" }) { status }
}
`;

const script = `
document.getElementById('address').textContent = location.origin + location.pathname;
const failed = () => {
  document.getElementById('sandbox').hidden = true;
  document.getElementById('offline').hidden = false;
};
const embed = document.createElement('script');
embed.src = 'https://embeddable-sandbox.cdn.apollographql.com/_latest/embeddable-sandbox.umd.production.min.js';
embed.onerror = failed;
embed.onload = () => new window.EmbeddedSandbox({
  target: '#sandbox',
  initialEndpoint: location.origin + location.pathname,
  includeCookies: true,
  initialState: { document: ${JSON.stringify(firstOperation)}, pollForSchemaUpdates: false },
});
document.head.append(embed);
`;

const style = `
html, body, #sandbox { height: 100%; margin: 0; }
#offline { color: #1c2430; font: 16px/1.6 system-ui, sans-serif; margin: 10vh auto; max-width: 40em; padding: 0 24px; }
[hidden] { display: none; }
pre { background: #f3f5f8; border-radius: 6px; overflow: auto; padding: 16px; }
`;

export const sandboxPage = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Postern - Sandbox</title><style>${style}</style></head>
<body>
<div id="sandbox"></div>
<div id="offline" hidden>
<h1>Apollo Sandbox did not load</h1>
<p>The gateway is up, but Sandbox comes from Apollo's CDN and this browser cannot reach it. The API works all the same:</p>
<pre>curl -s <span id="address">http://localhost:4000/graphql</span> -H 'Content-Type: application/json' \\
  -d '{"query":"{ passwordPolicy { preset minLength } }"}'</pre>
<p>Any GraphQL client that introspects will do as well: point it at this address.</p>
</div>
<script>${script}</script>
</body>
</html>
`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Apollo's embedded Sandbox is an iframe of theirs that talks to this page's window; this page talks to the gateway. */
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
