/** `postern providers …`: the identity providers of the configuration. It needs no database. */
import { readConfig } from '../config/config.ts';
import { providerBySlug } from '../domain/identities/provider.ts';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { ProviderClient } from '../outbound/providers/provider-client.ts';
import { untraced } from '../trace.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export async function listProviders(terminal: Terminal): Promise<void> {
  const { providers } = readConfig().domain.federation;
  for (const { slug, kind, displayName, callbackUrl } of providers)
    terminal.out(`${slug}  ${kind}  ${displayName}  ${callbackUrl}`);
  if (providers.length === 0) terminal.out('No provider is configured: set FEDERATED_PROVIDERS.');
}

export async function testProvider(terminal: Terminal, slug: string): Promise<number> {
  const config = readConfig();
  const provider = providerBySlug(config.domain.federation, slug);
  if (!provider) {
    terminal.error('postern: Provider not found. "postern providers list" shows the providers.');
    return exitCodes.failed;
  }
  const logger = createLogger('silent', process.stderr);
  const nowMs = () => Date.now();
  const outbound = createOutbound({
    settings: config.outbound,
    nowMs,
    metrics: createMetrics(),
    trace: untraced,
    logger,
  });
  const problem = await new ProviderClient(outbound, nowMs).problem(provider);
  if (problem === null) {
    terminal.out(`${slug} can be used. Register ${provider.callbackUrl} there.`);
    return exitCodes.done;
  }
  terminal.error(`postern: ${slug}: ${problem}. Check issuer and endpoints, and OUTBOUND_ALLOW for your own network.`);
  return exitCodes.failed;
}
