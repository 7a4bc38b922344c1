/**
 * Registration of a passkey (WebAuthn): the options for the browser, and the verification of its response. The domain
 * knows the challenges and the users.
 */
import type { RegistrationResponseJSON } from '@simplewebauthn/server';
import {
  bytesOf,
  type CeremonyOptions,
  descriptorOf,
  isText,
  type KnownCredential,
  orNull,
  type RelyingParty,
  readCredential,
  timeoutMs,
  transportsOf,
} from './webauthn.ts';

/** A credential that an authenticator created. */
export interface NewCredential extends KnownCredential {
  credentialId: Buffer;
  /** COSE. */
  publicKey: Buffer;
  counter: number;
  backedUp: boolean;
}

export interface Attestation {
  challenge: string;
  response: RegistrationResponseJSON;
}

/**
 * EdDSA, ES256 and RS256 (IANA COSE algorithms). Fixed: the library's default depends on the machine, and every instance
 * must accept every key.
 */
const algorithms = [-8, -7, -257];
const maxCredentialIdBytes = 1023;
const maxPublicKeyBytes = 2048;

/** @param user `id` is stored in the authenticator: it does not identify the user */
export async function registrationOptions(
  { id, name }: RelyingParty,
  asked: { challenge: string; user: { id: string; name: string; displayName: string }; known: KnownCredential[] },
): Promise<CeremonyOptions> {
  const { challenge, user, known } = asked;
  const { generateRegistrationOptions } = await import('@simplewebauthn/server');
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
    // An old security key that supports neither is still a second factor.
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    supportedAlgorithmIDs: algorithms,
  });
  return { ...options };
}

/** @returns null when the value is not a `RegistrationResponseJSON` */
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

/** @returns null when the response is invalid. The domain checks that it issued the challenge. */
export async function verifyAttestation(
  { id, origins }: RelyingParty,
  { challenge, response }: Attestation,
): Promise<NewCredential | null> {
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  return orNull(async () => {
    const { attestationObject } = response.response;
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        ...response,
        response: { ...response.response, attestationObject: await withoutStatement(attestationObject) },
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

/**
 * Removes the attestation, which the gateway neither requests nor trusts: the library would fetch from the addresses that
 * an attacker's certificate names.
 */
async function withoutStatement(attestationObject: string): Promise<string> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await import('@simplewebauthn/server/helpers');
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
