/** A hosted captcha service: answers as the documentation of Turnstile, hCaptcha or reCAPTCHA says, or fails as the test says. */
import { createServer, type ServerResponse } from 'node:http';
import { portOf } from './free-port.ts';

export type ServiceKind = 'turnstile' | 'hcaptcha' | 'recaptcha';
export type ServiceState =
  | 'well'
  | 'silent'
  | 'failing'
  | 'redirecting'
  | 'talking nonsense'
  | 'endless'
  | 'rejecting the secret';

export interface FakeCaptchaService {
  url: string;
  state: ServiceState;
  /** What the service knows of the tokens of its widget. */
  tokens: Map<string, { hostname: string; action?: string; score?: number; isExpired?: boolean }>;
  /** The posted forms. */
  forms: Record<string, string>[];
  stop(): Promise<void>;
}

export const serviceSecret = 'a secret of the service'.replaceAll(' ', '-');

const expired: Readonly<Record<ServiceKind, string>> = {
  turnstile: 'timeout-or-duplicate',
  hcaptcha: 'expired-input-response',
  recaptcha: 'timeout-or-duplicate',
};
const used: Readonly<Record<ServiceKind, string>> = { ...expired, hcaptcha: 'already-seen-response' };

export async function startCaptchaService(kind: ServiceKind): Promise<FakeCaptchaService> {
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const form = Object.fromEntries(new URLSearchParams(body));
    service.forms.push(form);
    if (service.state !== 'well' && service.state !== 'rejecting the secret') return fail(response, service.state);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answerTo(form)));
  });

  function answerTo({ secret, response: token = '' }: Record<string, string>): object {
    const isRejected = service.state === 'rejecting the secret' || secret !== serviceSecret;
    if (isRejected) return { success: false, 'error-codes': ['invalid-input-secret'] };
    const known = service.tokens.get(token);
    if (token === '') return { success: false, 'error-codes': ['missing-input-response'] };
    if (!known) return { success: false, 'error-codes': ['invalid-input-response'] };
    if (known.isExpired) return { success: false, 'error-codes': [expired[kind]] };
    if (seen.has(token)) return { success: false, 'error-codes': [used[kind]] };
    seen.add(token);
    const { hostname, action, score } = known;
    const common = { success: true, challenge_ts: new Date().toISOString(), hostname };
    if (kind === 'turnstile') return { ...common, 'error-codes': [], action: action ?? '', cdata: '' };
    if (kind === 'hcaptcha') return { ...common, credit: false };
    return { ...common, ...(score !== undefined && { score, action }) };
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const service: FakeCaptchaService = {
    url: `http://127.0.0.1:${portOf(server)}/siteverify`,
    state: 'well',
    tokens: new Map(),
    forms: [],
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return service;
}

function fail(response: ServerResponse, state: Exclude<ServiceState, 'well' | 'rejecting the secret'>): void {
  if (state === 'silent') return;
  if (state === 'failing') return void response.writeHead(503).end('busy');
  if (state === 'redirecting') return void response.writeHead(302, { location: 'http://127.0.0.1:1/siteverify' }).end();
  if (state === 'talking nonsense') return void response.end('<html>captive portal</html>');
  const timer = setInterval(() => response.write('{'.repeat(50_000)), 5);
  response.on('close', () => clearInterval(timer));
}
