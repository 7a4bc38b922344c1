/** Formats of the settings of `postern gateway`. Each problem says what to give instead. */
import { z } from 'zod';
import { isLoopback, withoutBrackets } from '../../loopback.ts';
import { urlProblem } from '../urls.ts';
import { parseRate } from './protection.ts';

/** The path of a file, or an address that is polled. */
export const supergraph = z.string().superRefine((text, context) => {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return;
  const problem = urlProblem(text, ['https:', 'http:']);
  if (problem) return context.addIssue(problem);
  const { protocol, hostname, username, password } = new URL(text);
  if (username || password) context.addIssue('use an address without user and password');
  else if (protocol === 'http:' && !isLoopback(withoutBrackets(hostname)))
    context.addIssue('use the path of a file or an https address; http is for this machine only');
});

/** As the package `@postern/gateway` takes them; absent: no limit. */
export interface GatewayLimits {
  perCaller?: string;
  perSource?: string;
}

const defaultLimits: Readonly<Record<'caller' | 'source', string>> = { caller: '600/1m', source: '300/1m' };

/** `caller=600/1m,source=off`: changes to the defaults. */
export const gatewayLimits = z.string().transform((text, context): GatewayLimits => {
  const changes = text.split(',').map((part) => readLimit(part.trim()));
  if (changes.every((change) => change !== null)) {
    const { caller, source } = { ...defaultLimits, ...Object.fromEntries(changes) };
    return { ...(caller !== 'off' && { perCaller: caller }), ...(source !== 'off' && { perSource: source }) };
  }
  context.addIssue('use pairs, for example caller=600/1m,source=off; the names are caller and source');
  return z.NEVER;
});

function readLimit(text: string): [string, string] | null {
  const [, name, value = ''] = /^(caller|source)=(.+)$/.exec(text) ?? [];
  return name !== undefined && (value === 'off' || parseRate(value) !== null) ? [name, value] : null;
}
