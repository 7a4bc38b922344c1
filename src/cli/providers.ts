/** `postern providers …`: lists and tests the identity providers. Those of the file need no database. */
import { type Config, readConfig } from '../config/config.ts';
import { checkProvider, listManagedProviders, type ManagedProvider } from '../domain/administration/providers.ts';
import { Refusal } from '../domain/errors.ts';
import { configuredProvider } from '../domain/identities/find-provider.ts';
import type { Provider } from '../domain/identities/provider.ts';
import { callbackUrlOf, providerIdOf } from '../domain/identities/provider-entry.ts';
import { createLogger } from '../logger.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createOutbound } from '../outbound/outbound.ts';
import { ProviderClient, type ProviderProblem } from '../outbound/providers/provider-client.ts';
import { untraced } from '../trace.ts';
import { withMigratedApp } from './connect.ts';
import { exitCodes, type Terminal } from './terminal.ts';

export async function listProviders(terminal: Terminal): Promise<void> {
  const { providers } = readConfig().domain.federation;
  for (const provider of providers) terminal.out(lineOf(provider, provider.callbackUrl));
  const stored = await storedProviders(terminal).catch((error: unknown) => {
    if (providers.length === 0) throw error;
    terminal.error(`postern: The providers of the database are not shown: ${messageOf(error)}`);
    return null;
  });
  for (const { provider, callbackUrl, enabled } of stored ?? [])
    terminal.out(`${lineOf(provider, callbackUrl)}${enabled ? '' : '  disabled'}`);
  if (providers.length === 0 && stored?.length === 0)
    terminal.out('No provider is configured: set FEDERATED_PROVIDERS, or call createFederatedProvider.');
}

export async function testProvider(terminal: Terminal, slug: string): Promise<number> {
  const config = readConfig();
  const id = providerIdOf(slug);
  const configured = configuredProvider(config.domain.federation, id);
  const problems = configured ? await clientOf(config).problems(configured) : await storedProblems(terminal, id);
  if (!problems) {
    terminal.error('postern: Provider not found. "postern providers list" shows the providers.');
    return exitCodes.failed;
  }
  if (problems.length === 0) {
    terminal.out(`${slug} can be used. Register ${callbackUrlOf(config.domain.issuer, slug)} there.`);
    return exitCodes.done;
  }
  const texts = problems.map(({ message }) => message).join('; ');
  terminal.error(
    `postern: ${slug}: ${texts}. Check issuer, endpoints and credentials, and OUTBOUND_ALLOW for your own network.`,
  );
  return exitCodes.failed;
}

function storedProviders(terminal: Terminal): Promise<ManagedProvider[]> {
  return withMigratedApp(terminal, async ({ app }) => {
    const providers = await listManagedProviders(app.dependencies());
    return providers.filter(({ source }) => source === 'DATABASE');
  });
}

/** @returns null for an unknown provider */
function storedProblems(terminal: Terminal, id: string): Promise<ProviderProblem[] | null> {
  return withMigratedApp(terminal, async ({ app }) => {
    try {
      return (await checkProvider(app.dependencies(), id)).problems;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  });
}

function clientOf({ outbound: settings }: Config): ProviderClient {
  const logger = createLogger('silent', process.stderr);
  const nowMs = () => Date.now();
  return new ProviderClient(
    createOutbound({ settings, nowMs, metrics: createMetrics(), trace: untraced, logger }),
    nowMs,
  );
}

function lineOf({ slug, kind, displayName }: Pick<Provider, 'slug' | 'kind' | 'displayName'>, callbackUrl: string) {
  return `${slug}  ${kind}  ${displayName}  ${callbackUrl}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an unknown error';
}
