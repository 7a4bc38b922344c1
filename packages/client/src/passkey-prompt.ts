/** Asks the browser for a passkey (WebAuthn 3, 5.1): JSON in, JSON out, as the gateway speaks it. */

type Json = Record<string, unknown>;

/** What we use of the browser; not every place that this runs in has it. */
interface Browser {
  navigator?: {
    userAgent?: string;
    credentials?: { get(options: object): Promise<unknown>; create(options: object): Promise<unknown> };
  };
  PublicKeyCredential?: {
    parseRequestOptionsFromJSON?(options: unknown): object;
    parseCreationOptionsFromJSON?(options: unknown): object;
  };
}

export interface PromptOptions {
  /** `conditional`: passkeys show up in the form's own suggestions, and nothing pops up. */
  mediation?: 'conditional' | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws DOMException as the browser does: `NotAllowedError` when the person has declined */
export async function askForPasskey(options: Json, prompt: PromptOptions): Promise<Json> {
  const { credentials, parser } = browser();
  const publicKey = parser.parseRequestOptionsFromJSON?.(options) ?? unsupported();
  return jsonOf(await credentials.get({ publicKey, ...prompt }));
}

export async function makePasskey(options: Json): Promise<Json> {
  const { credentials, parser } = browser();
  const publicKey = parser.parseCreationOptionsFromJSON?.(options) ?? unsupported();
  return jsonOf(await credentials.create({ publicKey }));
}

function browser() {
  const { navigator, PublicKeyCredential: parser }: Browser = globalThis;
  const credentials = navigator?.credentials;
  return credentials && parser ? { credentials, parser } : unsupported();
}

function unsupported(): never {
  throw new TypeError('There are no passkeys here: this is no browser, one that is too old, or a page without TLS.');
}

function jsonOf(credential: unknown): Json {
  const { toJSON }: { toJSON?: unknown } = Object(credential);
  return typeof toJSON === 'function' ? toJSON.call(credential) : unsupported();
}
