/** Shows the browser's passkey prompt (WebAuthn Level 3, section 5.1) with the gateway's JSON, and returns JSON for it. */

import { PosternError } from '../errors/postern-error.ts';
import { creationOptionsFrom, credentialToJson, type Json, requestOptionsFrom } from './passkey-json.ts';

/** The parts of the browser that are used. Not every runtime has them. */
interface Browser {
  navigator?: {
    userAgent?: string;
    credentials?: { get(options: object): Promise<unknown>; create(options: object): Promise<unknown> };
  };
  PublicKeyCredential?: unknown;
}

export interface PromptOptions {
  /** `conditional`: passkeys appear in the suggestions of a form field instead of a prompt. */
  mediation?: 'conditional' | undefined;
  signal?: AbortSignal | undefined;
}

/** @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED or PASSKEY_FAILED */
export async function askForPasskey(options: Json, prompt: PromptOptions): Promise<Json> {
  const credentials = credentialsOfBrowser();
  return wrapped(async () =>
    credentialToJson(await credentials.get({ publicKey: requestOptionsFrom(options), ...prompt })),
  );
}

/** @throws PosternError PASSKEY_CANCELLED, PASSKEY_UNSUPPORTED, PASSKEY_ALREADY_REGISTERED or PASSKEY_FAILED */
export async function makePasskey(options: Json): Promise<Json> {
  const credentials = credentialsOfBrowser();
  return wrapped(async () => credentialToJson(await credentials.create({ publicKey: creationOptionsFrom(options) })));
}

function credentialsOfBrowser() {
  const { navigator, PublicKeyCredential }: Browser = globalThis;
  if (navigator?.credentials && PublicKeyCredential) return navigator.credentials;
  throw new PosternError(
    'PASSKEY_UNSUPPORTED',
    'Passkeys need a current browser and a page with HTTPS or on localhost.',
  );
}

/** The names of the browser's errors (WebAuthn Level 3, sections 5.1.3 and 5.1.4), and what they mean here. */
const problems = {
  NotAllowedError: ['PASSKEY_CANCELLED', 'The passkey prompt was cancelled or timed out, or no passkey is available.'],
  AbortError: ['PASSKEY_CANCELLED', 'The passkey prompt was aborted.'],
  InvalidStateError: ['PASSKEY_ALREADY_REGISTERED', 'This device already has a passkey of this account.'],
  NotSupportedError: ['PASSKEY_UNSUPPORTED', 'This device supports no passkey of a kind that the gateway accepts.'],
  ConstraintError: ['PASSKEY_UNSUPPORTED', 'This device cannot verify its user. Set up a screen lock first.'],
  SecurityError: ['PASSKEY_FAILED', 'The domain of this page does not match the domain of APP_URL in the gateway.'],
} as const;

async function wrapped(prompt: () => Promise<Json>): Promise<Json> {
  try {
    return await prompt();
  } catch (error) {
    if (error instanceof PosternError) throw error;
    const name = error instanceof Error || error instanceof DOMException ? error.name : '';
    const known = Object.entries(problems).find(([candidate]) => candidate === name)?.[1];
    const [code, message] = known ?? ['PASSKEY_FAILED', 'The browser could not use a passkey.'];
    throw new PosternError(code, message, { cause: error });
  }
}
