/** Begins a sign-in at a provider: stores its secrets, and makes the address that the browser opens. */
import { randomBytes } from 'node:crypto';
import { ProviderFailure } from '../../outbound/providers/errors.ts';
import { FederatedFlow, type FlowPurpose } from '../../persistence/identities/federated-flow.ts';
import { isChallenge } from '../../security/tokens/code-challenge.ts';
import { hashMailToken, mintMailToken } from '../../security/tokens/mail-tokens.ts';
import { type Caller, isRecent, viewerOf } from '../caller.ts';
import { secondsAfter } from '../clock.ts';
import { type FieldProblem, Refusal } from '../errors.ts';
import { assertMethodEnabled } from '../factors/sign-in-methods.ts';
import { newId } from '../ids.ts';
import type { IdentityDeps } from './deps.ts';
import { findProvider } from './find-provider.ts';
import type { Provider } from './provider.ts';

export interface BeginRequest {
  providerId: string;
  returnTo: string;
  /** S256 of the verifier that the application keeps (RFC 7636). */
  codeChallenge: string;
  purpose: FlowPurpose;
  loginHint?: string | null | undefined;
  prompt?: string | null | undefined;
  /** Whether only the browser that begins can continue: it keeps a cookie. */
  isBound: boolean;
  /** What the cookie holds; null: the browser has none. */
  browserToken: string | null;
}

export interface BegunLogin {
  authorizationUrl: string;
  /** Returned with the exchange code, so that the application finds its verifier. */
  flow: string;
  expiresAt: Date;
  /** For the cookie; null: any browser can continue. */
  browserToken: string | null;
}

export const flowSeconds = 10 * 60;
const prompts = ['login', 'consent', 'select_account'];

/**
 * @throws Refusal FORBIDDEN, NOT_FOUND, BAD_USER_INPUT, FEDERATED_LOGIN_FAILED; UNAUTHENTICATED for `LINK` and `REAUTHENTICATE`,
 *   REAUTHENTICATION_REQUIRED for `LINK`
 */
export async function beginFederatedLogin(
  unit: IdentityDeps,
  caller: Caller,
  request: BeginRequest,
): Promise<BegunLogin> {
  const { federation } = unit.settings;
  if (request.purpose === 'SIGN_IN') await assertMethodEnabled(unit, caller, 'FEDERATED');
  const provider = await findProvider(unit, request.providerId);
  if (!provider) throw new Refusal('NOT_FOUND');
  const fields = problemsOf(request, federation.returnUrls);
  if (fields.length > 0) throw new Refusal('BAD_USER_INPUT', { fields });
  const sessionId = sessionFor(caller, request.purpose);
  const { token: state, tokenHash: stateHash } = mintMailToken();
  const secrets = { state, nonce: randomText(), verifier: randomText() };
  const authorizationUrl = await urlOf(unit, provider, request, secrets);
  const now = unit.clock.now();
  const id = newId(now);
  const secretsSealed = unit.sealer.seal(Buffer.from(JSON.stringify(secrets)), id);
  const expiresAt = secondsAfter(now, flowSeconds);
  const { purpose, returnTo, codeChallenge } = request;
  const browser = request.isBound ? browserOf(request.browserToken) : null;
  const flow = { id, stateHash, providerId: provider.id, purpose, sessionId, returnTo, codeChallenge, secretsSealed };
  const bound = { browserHash: browser?.tokenHash ?? null };
  await unit.em.fork().insert(FederatedFlow, { ...flow, ...bound, createdAt: now, expiresAt });
  return { authorizationUrl, flow: id, expiresAt, browserToken: browser?.token ?? null };
}

async function urlOf(
  { providerClient }: IdentityDeps,
  provider: Provider,
  { loginHint = null, prompt = null, purpose }: BeginRequest,
  secrets: { state: string; nonce: string; verifier: string },
): Promise<string> {
  const fresh = purpose === 'REAUTHENTICATE';
  try {
    return await providerClient.authorizationUrl(provider, { ...secrets, loginHint, prompt, fresh });
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    throw new Refusal('FEDERATED_LOGIN_FAILED', { reason: error.reason, detail: error.message });
  }
}

function problemsOf({ returnTo, codeChallenge, prompt }: BeginRequest, returnUrls: readonly string[]): FieldProblem[] {
  const problem = (path: string, code: string, message: string) => ({ path: `input.${path}`, code, message });
  return [
    ...(returnUrls.includes(returnTo)
      ? []
      : [problem('returnTo', 'NOT_LISTED', 'Use an address of RETURN_URLS, letter by letter.')]),
    ...(isChallenge(codeChallenge)
      ? []
      : [problem('codeChallenge', 'INVALID', 'Use the base64url SHA-256 of the code verifier.')]),
    ...(prompt == null || prompts.includes(prompt)
      ? []
      : [problem('prompt', 'INVALID', `Use one of ${prompts.join(', ')}.`)]),
  ];
}

/** @returns the session that the flow belongs to */
function sessionFor(caller: Caller, purpose: FlowPurpose): string | null {
  if (purpose === 'SIGN_IN') return null;
  const { session, standing } = viewerOf(caller);
  if (purpose === 'LINK' && !isRecent(standing)) throw new Refusal('REAUTHENTICATION_REQUIRED');
  return session.id;
}

/** A browser keeps its token, so that the flows of its other tabs stay valid. */
function browserOf(token: string | null): { token: string; tokenHash: Buffer } {
  const tokenHash = token === null ? null : hashMailToken(token);
  return token !== null && tokenHash ? { token, tokenHash } : mintMailToken();
}

function randomText(): string {
  return randomBytes(32).toString('base64url');
}
