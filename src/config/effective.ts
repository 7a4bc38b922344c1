/** Describes each setting as it is in effect. The value of a secret is never described. */
import { z } from 'zod';
import type { EffectiveSetting } from '../domain/administration/effective-settings.ts';
import { settingsOfFile } from './environment.ts';
import { secretSettings } from './secrets.ts';

/** `//user:password@`: a URL that is listed as public may contain a password by mistake. */
const credentials = /\/\/[^/\s]*@/;

/** @param set the settings that have a value */
export function effectiveSettings(
  shape: Readonly<Record<string, z.ZodType>>,
  set: Readonly<Record<string, string | undefined>>,
): EffectiveSetting[] {
  const ofFile = settingsOfFile('.env', set);
  return Object.entries(shape).map(([name, type]) => {
    const text = set[name] ?? null;
    const source = text === null ? 'DEFAULT' : ofFile.has(name) ? 'FILE' : 'ENVIRONMENT';
    const secret = secretSettings.has(name) || credentials.test(text ?? '');
    return { name, value: secret ? null : (text ?? defaultOf(type)), source, secret };
  });
}

/** The default in the notation of the environment; null: it depends on other settings, or there is none. */
function defaultOf(type: z.ZodType): string | null {
  const value = type instanceof z.ZodPrefault || type instanceof z.ZodDefault ? type.def.defaultValue : null;
  return typeof value === 'string' ? value : null;
}
