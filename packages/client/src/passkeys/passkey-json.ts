/**
 * Converts between the gateway's JSON and the objects of the browser (WebAuthn Level 3, sections 5.1.8 to 5.1.10). The
 * conversions of the browsers themselves are younger than passkeys: Safari has them since 2025.
 */
export type Json = Record<string, unknown>;

export function requestOptionsFrom(options: Json): object {
  const { challenge, allowCredentials } = options;
  return {
    ...options,
    challenge: bytesIn(challenge),
    ...(Array.isArray(allowCredentials) && { allowCredentials: allowCredentials.map(withBytes) }),
  };
}

export function creationOptionsFrom(options: Json): object {
  const { challenge, user, excludeCredentials } = options;
  return {
    ...options,
    challenge: bytesIn(challenge),
    user: withBytes(user),
    ...(Array.isArray(excludeCredentials) && { excludeCredentials: excludeCredentials.map(withBytes) }),
  };
}

/** What the gateway reads of a `PublicKeyCredential`. Its properties are getters of its prototype. */
export function credentialToJson(credential: unknown): Json {
  const { id, type, response }: { id?: unknown; type?: unknown; response?: unknown } = Object(credential);
  const { clientDataJSON, attestationObject, authenticatorData, signature, userHandle, getTransports }: ResponseParts =
    Object(response);
  const bytes = { clientDataJSON, attestationObject, authenticatorData, signature, userHandle };
  const texts = Object.entries(bytes).flatMap(([name, value]) =>
    value instanceof ArrayBuffer ? [[name, textOf(value)]] : [],
  );
  const transports: unknown = typeof getTransports === 'function' ? getTransports.call(response) : undefined;
  return {
    id,
    rawId: id,
    type,
    clientExtensionResults: {},
    response: { ...Object.fromEntries(texts), ...(Array.isArray(transports) && { transports }) },
  };
}

type ResponseParts = {
  [name in
    | 'clientDataJSON'
    | 'attestationObject'
    | 'authenticatorData'
    | 'signature'
    | 'userHandle'
    | 'getTransports']?: unknown;
};

/** A user or the description of a credential: its id as bytes. */
function withBytes(part: unknown): object {
  const { id }: { id?: unknown } = Object(part);
  return { ...Object(part), id: bytesIn(id) };
}

/** Base64url, as all byte strings in the JSON of WebAuthn. */
function bytesIn(text: unknown): Uint8Array {
  if (typeof text !== 'string') throw new TypeError('a byte string is missing in the options of the gateway');
  return Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (character) => character.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
