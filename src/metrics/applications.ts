/** Metrics of programs: their credentials at each request, and the endpoints of `/oauth`. */
import type { Registry } from 'prom-client';
import { createCounter } from './instruments.ts';

/** With which credential a program calls. */
type Credential = 'api_key' | 'client_token';

export function createApplicationMetrics(registry: Registry) {
  const credentials = createCounter(
    registry,
    'program_requests',
    'API keys and client tokens that requests presented, by outcome.',
    ['credential', 'outcome'],
  );
  const oauth = createCounter(registry, 'oauth_requests', 'Requests of /oauth by route and outcome.', [
    'route',
    'outcome',
  ]);
  return {
    /** @param outcome `accepted`, `disabled`, `limited`, or the reason of the refusal in the audit trail */
    programRequest: (credential: Credential, outcome: string) => credentials.inc({ credential, outcome }),
    /** @param outcome `succeeded`, or the code of the error in the response */
    oauthRequest: (route: string, outcome: string) => oauth.inc({ route, outcome }),
  };
}
