/**
 * Sign-in with a passkey (WebAuthn): the options for the browser, and the verification of its response. The domain knows
 * the challenges, the owners of credentials and their counters.
 */
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
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
} from './webauthn.ts';

export interface Assertion {
  challenge: string;
  credentialId: Buffer;
  /** The user handle that the authenticator stores; null from security keys without storage. */
  userId: string | null;
  response: AuthenticationResponseJSON;
}

/** @param known the accepted credentials; null: the user chooses among all of this site */
export async function assertionOptions(
  { id }: RelyingParty,
  given: { challenge: string; known: KnownCredential[] | null; userVerification: 'required' | 'discouraged' },
): Promise<CeremonyOptions> {
  const { challenge, known, userVerification } = given;
  const { generateAuthenticationOptions } = await import('@simplewebauthn/server');
  const options = await generateAuthenticationOptions({
    rpID: id,
    challenge: bytesOf(Buffer.from(challenge, 'base64url')),
    timeout: timeoutMs,
    userVerification,
    ...(known && { allowCredentials: known.map(descriptorOf) }),
  });
  return { ...options };
}

/** @returns null when the value is not an `AuthenticationResponseJSON` */
export function readAssertion(value: unknown): Assertion | null {
  const credential = readCredential(value);
  if (!credential) return null;
  const { id, clientDataJSON, challenge, response } = credential;
  const { authenticatorData, signature, userHandle } = response;
  if (!isText(authenticatorData) || !isText(signature)) return null;
  // Some browsers send an empty handle instead of none.
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

/** @returns null when the response is invalid. The domain checks the challenge and the counter. */
export async function verifyAssertion(
  { id, origins }: RelyingParty,
  { challenge, response }: Assertion,
  { publicKey, userVerification }: { publicKey: Uint8Array; userVerification: 'required' | 'discouraged' },
): Promise<{ counter: number; backedUp: boolean } | null> {
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
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
