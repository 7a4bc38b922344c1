/** What the gateway tells its pages: it writes this into the HTML (src/http/pages/built/html.ts). */

export interface GatewaySettings {
  productName: string;
  supportUrl: string | null;
  /** The address of an image that replaces the name of the product. */
  logo: string | null;
  /** The applications that the gateway serves. */
  served: readonly ('account' | 'console')[];
  /** The pages of other applications that may be continued at after signing in. */
  returnUrls: readonly string[];
  /** The path of PUBLIC_URL: `''`, or `/auth`. `/account`, `/console` and `/graphql` are below it. */
  base: string;
}

/** Vite's own server writes no settings. */
const defaults: GatewaySettings = {
  productName: 'Postern',
  supportUrl: null,
  logo: null,
  served: ['account', 'console'],
  returnUrls: [],
  base: '',
};

export const gateway: GatewaySettings = read();

function read(): GatewaySettings {
  const content = document.querySelector('meta[name="postern"]')?.getAttribute('content');
  return content ? { ...defaults, ...JSON.parse(content) } : defaults;
}
