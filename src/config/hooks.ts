/** Reads HOOKS: the file with the operator's hooks. Reports every problem, and never a value. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { type HookPoint, hookPoints, isSender } from '../domain/hooks/points.ts';
import { type OutboundSettings, outboundProblem } from '../outbound/address-rules.ts';
import { readWebhookSecret } from '../security/webhook-signature.ts';
import { fineDuration } from './formats/basic.ts';

/** Where a hook is called: an address that gets signed requests, or an ES module in this process. */
export type HookTarget = { url: string; secret: Buffer } | { module: string };

export interface HookSettings {
  point: HookPoint;
  target: HookTarget;
  timeoutMs: number;
  onFailure: 'refuse' | 'continue';
}

const maxFileBytes = 1_000_000;

const hookSchema = z
  .strictObject({
    point: z.enum(hookPoints),
    url: z.string().min(1).max(2048).optional(),
    module: z.string().min(1).max(2048).optional(),
    secret: z.string().transform(readSecret).optional(),
    timeout: fineDuration(50, 2000).prefault('1s'),
    onFailure: z.enum(['refuse', 'continue']).optional(),
  })
  .superRefine(({ point, url, module, secret, onFailure }, context) => {
    const reject = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message });
    if ((url === undefined) === (module === undefined)) reject('url', 'give either url or module');
    if ((url === undefined) !== (secret === undefined)) reject('secret', 'belongs to url, and is required there');
    if (isSender(point) && onFailure === 'continue')
      reject('onFailure', 'a message that was not sent is sent again; remove it');
    if (!isSender(point) && onFailure === undefined)
      reject('onFailure', 'use refuse or continue: what happens when the hook fails');
  });

const fileSchema = z.array(hookSchema).max(hookPoints.length);

/** The path of the file. Paths of modules are relative to it. */
export const hooksFile = z.string().transform((path, context): HookSettings[] => {
  const content = readJson(path);
  if (content === undefined) {
    context.addIssue('use the path of a JSON file with a list of hooks');
    return z.NEVER;
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    for (const { path: place, message } of parsed.error.issues) context.addIssue(`${place.join('.')}: ${message}`);
    return z.NEVER;
  }
  const hooks = parsed.data.map((entry) => hookFrom(entry, dirname(resolve(path))));
  if (new Set(hooks.map(({ point }) => point)).size < hooks.length) context.addIssue('two hooks have one point');
  for (const { point, target } of hooks) {
    if ('module' in target && !existsSync(target.module)) context.addIssue(`${point}: the module does not exist`);
  }
  return hooks;
});

function hookFrom(
  { point, url, module = '', secret, timeout, onFailure = 'refuse' }: z.output<typeof hookSchema>,
  folder: string,
): HookSettings {
  const target = url !== undefined && secret ? { url, secret } : { module: resolve(folder, module) };
  return { point, target, timeoutMs: timeout * 1000, onFailure };
}

function readSecret(text: string, context: z.RefinementCtx): Buffer {
  const secret = readWebhookSecret(text);
  if (secret !== null) return secret;
  context.addIssue('use whsec_ and the output of "openssl rand -base64 32"');
  return z.NEVER;
}

function readJson(path: string): unknown {
  try {
    const content = readFileSync(path, 'utf8');
    return content.length > maxFileBytes ? undefined : JSON.parse(content);
  } catch {
    return undefined;
  }
}

export const hookSettings = { HOOKS: hooksFile.optional() };

const schema = z.object(hookSettings);
type Environment = z.infer<typeof schema>;

export function hookProblems(
  { HOOKS = [], SMS_PROVIDER }: Environment & { SMS_PROVIDER?: string | undefined },
  settings: OutboundSettings,
): string[] {
  const hasSmsHook = HOOKS.some(({ point }) => point === 'sendSms');
  const smsProblem = hasSmsHook
    ? 'HOOKS: sendSms is called with SMS_PROVIDER=hook only; set it, or remove the hook'
    : 'SMS_PROVIDER: hook requires a hook for the point sendSms in HOOKS';
  const problems = HOOKS.flatMap(({ point, target }) => {
    const problem = 'url' in target ? outboundProblem(settings, target.url) : null;
    return problem ? [`HOOKS: ${point}: ${problem}`] : [];
  });
  return hasSmsHook === (SMS_PROVIDER === 'hook') ? problems : [...problems, smsProblem];
}

/** Whether a hook delivers the mails: no mail server is needed then. */
export function hasMailHook({ HOOKS = [] }: Environment): boolean {
  return HOOKS.some(({ point }) => point === 'sendMail');
}
