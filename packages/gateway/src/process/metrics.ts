/** What the plug-in reports to the metrics of a process. */
import type { DirectiveName } from '../authorization/directives.ts';

export interface GatewayMetrics {
  request(outcome: 'ok' | 'refused' | 'failed'): void;
  denial(directive: DirectiveName): void;
  identityCall(outcome: 'ok' | 'refused' | 'unavailable'): void;
  subgraphDuration(subgraph: string, seconds: number): void;
  supergraphError(): void;
}

const none = () => undefined;

export const noMetrics: GatewayMetrics = {
  request: none,
  denial: none,
  identityCall: none,
  subgraphDuration: none,
  supergraphError: none,
};
