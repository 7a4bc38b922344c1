/** Why a sign-in at a provider failed. The message is for the log: it never contains what the provider sent. */
import { OutboundRefused, OutboundUnavailable } from '../errors.ts';

export class ProviderFailure extends Error {
  override name = 'ProviderFailure';
  readonly reason: 'PROVIDER_REFUSED' | 'PROVIDER_UNAVAILABLE';

  constructor(reason: ProviderFailure['reason'], detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** Errors of the protocol libraries quote answers of the provider: only their code is kept. */
export function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  const chain = causesOf(error);
  const unavailable = chain.find((cause) => cause instanceof OutboundUnavailable);
  if (unavailable instanceof Error) return new ProviderFailure('PROVIDER_UNAVAILABLE', unavailable.message);
  const refused = chain.find((cause) => cause instanceof OutboundRefused);
  if (refused instanceof Error) return new ProviderFailure('PROVIDER_REFUSED', refused.message);
  const codes = chain.map((cause) => (cause instanceof Error && 'code' in cause ? String(cause.code) : null));
  return new ProviderFailure('PROVIDER_REFUSED', codes.find((code) => code !== null) ?? 'an unexpected answer');
}

function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next != null && chain.length < 8; next = next instanceof Error ? next.cause : null)
    chain.push(next);
  return chain;
}
