/**
 * The ceremonies of WebAuthn: what browsers are asked, and whether what they answer is true. Nothing here knows whether
 * a challenge was ours or is still open, whose a credential is, or what its counter was: that is the domain's.
 */
import {
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import {
  COSEALG,
  decodeAttestationObject,
  decodeClientDataJSON,
  isoBase64URL,
  isoCBOR,
} from '@simplewebauthn/server/helpers';

/** The site that passkeys belong to: browsers show them to no other. */
export interface RelyingParty {
  /** A host, or a domain above it. */
  id: string;
  name: string;
  /** Of pages that may ask for them. */
  origins: readonly string[];
}

export interface KnownCredential {
  credentialId: Uint8Array;
  transports: readonly string[];
}

/** As an authenticator made it. */
export interface NewCredential extends KnownCredential {
  credentialId: Buffer;
  /** COSE. */
  publicKey: Buffer;
  counter: number;
  backedUp: boolean;
}

/** `PublicKeyCredentialCreationOptionsJSON` or `PublicKeyCredentialRequestOptionsJSON`. */
export type CeremonyOptions = Record<string, unknown>;

export interface Attestation {
  challenge: string;
  response: RegistrationResponseJSON;
}

export interface Assertion {
  challenge: string;
  credentialId: Buffer;
  /** The user that the authenticator keeps the credential for; security keys without storage know none. */
  userId: string | null;
  response: AuthenticationResponseJSON;
}

/** Named, since the library's own choice depends on what the machine can do, and every instance must know every key. */
const algorithms = [COSEALG.EdDSA, COSEALG.ES256, COSEALG.RS256];
/** As long as our challenges live. */
const timeoutMs = 5 * 60 * 1000;
const maxTextLength = 32_768;
const maxCredentialIdBytes = 1023;
const maxPublicKeyBytes = 2048;

/** @param user `id` is what the authenticator keeps: it does not identify the user */
export async function registrationOptions(
  { id, name }: RelyingParty,
  asked: { challenge: string; user: { id: string; name: string; displayName: string }; known: KnownCredential[] },
): Promise<CeremonyOptions> {
  const { challenge, user, known } = asked;
  const options = await generateRegistrationOptions({
    rpID: id,
    rpName: name,
    userID: bytesOf(Buffer.from(user.id)),
    userName: user.name,
    userDisplayName: user.displayName,
    challenge: bytesOf(Buffer.from(challenge, 'base64url')),
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: known.map(descriptorOf),
    // An old security key that can do neither is a second factor all the same.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    supportedAlgorithmIDs: algorithms,
  });
  return { ...options };
}

/** @param known whose signature will do; null: the person chooses among all they have for this site, and unlocks it */
export async function assertionOptions(
  { id }: RelyingParty,
  { challenge, known }: { challenge: string; known: KnownCredential[] | null },
): Promise<CeremonyOptions> {
  const options = await generateAuthenticationOptions({
    rpID: id,
    challenge: bytesOf(Buffer.from(challenge, 'base64url')),
    timeout: timeoutMs,
    // Beside a password it is enough to have the key; alone, it stands for two factors.
    userVerification: known ? 'discouraged' : 'required',
    ...(known && { allowCredentials: known.map(descriptorOf) }),
  });
  return { ...options };
}

/** @returns null when it is no `RegistrationResponseJSON`, whatever it says */
export function readAttestation(value: unknown): Attestation | null {
  const credential = readCredential(value);
  if (!credential) return null;
  const { id, clientDataJSON, challenge, response } = credential;
  const { attestationObject } = response;
  if (!isText(attestationObject)) return null;
  return {
    challenge,
    response: {
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON, attestationObject, transports: transportsOf(response.transports) },
    },
  };
}

/** @returns null when it is no `AuthenticationResponseJSON`, whatever it says */
export function readAssertion(value: unknown): Assertion | null {
  const credential = readCredential(value);
  if (!credential) return null;
  const { id, clientDataJSON, challenge, response } = credential;
  const { authenticatorData, signature, userHandle } = response;
  if (!isText(authenticatorData) || !isText(signature)) return null;
  // Some browsers write the handle that there is none as an empty one.
  if (userHandle != null && userHandle !== '' && !isText(userHandle)) return null;
  return {
    challenge,
    credentialId: Buffer.from(id, 'base64url'),
    userId: userHandle ? Buffer.from(userHandle, 'base64url').toString() : null,
    response: {
      ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
      response: { clientDataJSON, authenticatorData, signature },
    },
  };
}

/** @returns null when it does not hold. Whether its challenge was ours is not asked here. */
export function verifyAttestation(
  { id, origins }: RelyingParty,
  { challenge, response }: Attestation,
): Promise<NewCredential | null> {
  return orNull(async () => {
    const { attestationObject } = response.response;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...response,
        response: { ...response.response, attestationObject: withoutStatement(attestationObject) },
      },
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: id,
      requireUserVerification: false,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified) return null;
    const { credential, credentialBackedUp } = registrationInfo;
    const credentialId = Buffer.from(credential.id, 'base64url');
    const publicKey = Buffer.from(credential.publicKey);
    if (credentialId.length === 0 || credentialId.length > maxCredentialIdBytes) return null;
    if (publicKey.length > maxPublicKeyBytes) return null;
    const transports = credential.transports ?? [];
    return { credentialId, publicKey, counter: credential.counter, transports, backedUp: credentialBackedUp };
  });
}

/** @returns null when it does not hold. Whether its challenge was ours, and its counter goes up, is not asked here. */
export function verifyAssertion(
  { id, origins }: RelyingParty,
  { challenge, response }: Assertion,
  { publicKey, userVerification }: { publicKey: Uint8Array; userVerification: 'required' | 'discouraged' },
): Promise<{ counter: number; backedUp: boolean } | null> {
  return orNull(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: [...origins],
      expectedRPID: id,
      requireUserVerification: userVerification === 'required',
      // The library checks the counter before the signature: any client could make a key look copied.
      credential: { id: response.id, publicKey: bytesOf(publicKey), counter: 0 },
    });
    const { newCounter: counter, credentialBackedUp: backedUp } = authenticationInfo;
    return verified ? { counter, backedUp } : null;
  });
}

/**
 * We ask for no attestation and believe none. What comes all the same is left out: the library would fetch from the
 * addresses that a stranger's certificates name.
 */
function withoutStatement(attestationObject: string): string {
  const authData = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject)).get('authData');
  return isoBase64URL.fromBuffer(
    isoCBOR.encode(
      new Map<string, string | Uint8Array | Map<string, string>>([
        ['fmt', 'none'],
        ['attStmt', new Map<string, string>()],
        ['authData', authData],
      ]),
    ),
  );
}

interface Credential {
  id: string;
  clientDataJSON: string;
  challenge: string;
  response: Readonly<Record<string, unknown>>;
}

/** What both responses have, and of which the library would believe anything. */
function readCredential(value: unknown): Credential | null {
  if (!isObject(value) || !isObject(value.response)) return null;
  const { id, rawId, type, response } = value;
  const { clientDataJSON } = response;
  if (!isText(id) || id !== rawId || type !== 'public-key' || !isText(clientDataJSON)) return null;
  const challenge = challengeIn(clientDataJSON);
  return challenge === null ? null : { id, clientDataJSON, challenge, response };
}

/** @returns null also for pages in a foreign frame: what is clicked there is not what is seen (WebAuthn 13.4.9) */
function challengeIn(clientDataJSON: string): string | null {
  try {
    const { challenge, crossOrigin } = decodeClientDataJSON(clientDataJSON);
    return typeof challenge === 'string' && !crossOrigin ? challenge : null;
  } catch {
    return null;
  }
}

/** The library says no by throwing, at each of its steps. It does no I/O: nothing else can have gone wrong. */
async function orNull<T>(verify: () => Promise<T | null>): Promise<T | null> {
  try {
    return await verify();
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Base64url without padding. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxTextLength && /^[A-Za-z0-9_-]+$/.test(value);
}

const knownTransports: readonly AuthenticatorTransport[] = ['ble', 'hybrid', 'internal', 'nfc', 'usb'];

function transportsOf(value: unknown): AuthenticatorTransport[] {
  return Array.isArray(value) ? knownTransports.filter((transport) => value.includes(transport)) : [];
}

function descriptorOf({ credentialId, transports }: KnownCredential) {
  return { id: isoBase64URL.fromBuffer(bytesOf(credentialId)), transports: transportsOf(transports) };
}

/** With memory of its own, as the library's types ask for. */
function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
