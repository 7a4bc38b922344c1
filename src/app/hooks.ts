/** Opens the operator's hooks: imports their modules, and connects their addresses. */
import { pathToFileURL } from 'node:url';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/error.ts';
import type { HookSettings } from '../config/hooks.ts';
import type { Clock } from '../domain/clock.ts';
import { type CheckedHook, checkHooks } from '../domain/hooks/check.ts';
import { type Hook, Hooks } from '../domain/hooks/hooks.ts';
import { type HookFunction, moduleHook } from '../domain/hooks/module-hook.ts';
import type { HookPoint } from '../domain/hooks/points.ts';
import { urlHook } from '../domain/hooks/url-hook.ts';
import { describeError, type Logger } from '../logger.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { createOutbound, type Outbound } from '../outbound/outbound.ts';
import { untraced } from '../trace.ts';

export interface HookServices {
  outbound: Outbound;
  clock: Clock;
  metrics: Metrics;
  logger: Pick<Logger, 'warn'>;
}

/** @throws ConfigError when a module cannot be imported */
export async function openHooks(settings: readonly HookSettings[], services: HookServices): Promise<Hooks> {
  const hooks = new Map<HookPoint, Hook>();
  for (const { point, target, timeoutMs, onFailure } of settings) {
    const send =
      'module' in target
        ? moduleHook(await importHook(point, target.module))
        : urlHook({ ...target, timeoutMs }, services.outbound, services.clock);
    hooks.set(point, { timeoutMs, onFailure, send });
  }
  const { logger } = services;
  return new Hooks(hooks, {
    ...services,
    report: (failure, error) => logger.warn({ ...failure, ...describeError(error) }, 'a hook failed'),
  });
}

/** Calls each hook with a sample, as the gateway calls it. It needs no database. */
export async function checkConfiguredHooks(
  { hooks, outbound: settings }: Pick<Config, 'hooks' | 'outbound'>,
  logger: Logger,
): Promise<CheckedHook[]> {
  const clock = { now: () => new Date() };
  const metrics = createMetrics();
  const outbound = createOutbound({ settings, nowMs: () => performance.now(), metrics, trace: untraced, logger });
  return checkHooks(await openHooks(hooks, { outbound, clock, metrics, logger }));
}

async function importHook(point: HookPoint, path: string): Promise<HookFunction> {
  const exported: unknown = await import(pathToFileURL(path).href).then(
    (loaded: { default?: unknown }) => loaded.default,
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : 'unknown error';
      throw new ConfigError([`HOOKS: ${point}: the module cannot be imported (${reason})`]);
    },
  );
  if (isHookFunction(exported)) return exported;
  throw new ConfigError([`HOOKS: ${point}: the module exports no function by default`]);
}

function isHookFunction(value: unknown): value is HookFunction {
  return typeof value === 'function';
}
