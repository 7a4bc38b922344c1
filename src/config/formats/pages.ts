/** Formats of the files that change the appearance of the pages. Each problem says what to give instead. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Logo, Theme } from '../../http/pages/built/settings.ts';

const colour = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i;
const radius = /^\d{1,2}px$/;
const fonts = /^[\w ,"'-]{1,200}$/;

const example = '{"--postern-accent": {"light": "#0b6e4f", "dark": "#3fa37c"}, "--postern-radius": "4px"}';

const oneValue = z.string().regex(new RegExp([colour, radius, fonts].map(({ source }) => source).join('|'), 'i'));
const theme = z.record(
  z.string().regex(/^--postern-[a-z0-9-]{1,40}$/),
  z.union([oneValue, z.strictObject({ light: z.string().regex(colour), dark: z.string().regex(colour) })]),
);

/** The path of a JSON file with the values of CSS variables. */
export const themeFile = z.string().transform((path, context): Theme => {
  const content = readOrNull(path, maxThemeBytes);
  const parsed = content && theme.safeParse(parseJson(content.toString()));
  if (parsed?.success) return parsed.data;
  context.addIssue(
    `use the path of a JSON file with colours in hexadecimal, a radius in px or names of fonts, for example ${example}`,
  );
  return z.NEVER;
});

const maxThemeBytes = 20_000;
const maxLogoBytes = 100_000;
const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** The path of an SVG or PNG file. */
export const logoFile = z.string().transform((path, context): Logo => {
  const content = readOrNull(path, maxLogoBytes);
  const type = content && imageType(content);
  if (content && type) return { type, content };
  context.addIssue(`use the path of an SVG or PNG file of at most ${maxLogoBytes / 1000} kB`);
  return z.NEVER;
});

function imageType(content: Buffer): Logo['type'] | null {
  if (content.subarray(0, pngSignature.length).equals(pngSignature)) return 'image/png';
  return /^\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<svg[\s>]/s.test(content.toString()) ? 'image/svg+xml' : null;
}

function readOrNull(path: string, maxBytes: number): Buffer | null {
  try {
    const content = readFileSync(path);
    return content.length <= maxBytes ? content : null;
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
