/** PAGES_THEME: the style sheet that replaces variables of the pages, and warnings about colours that are hard to read. */
import { contrastOf, darkened, isColour } from './colour.ts';
import type { Theme, ThemeValue } from './settings.ts';

type Tokens = Readonly<Record<string, string>>;

/** Text and background, as the style sheets combine them. */
const pairs = [
  ['text', 'surface bg sunken'],
  ['text-2', 'surface bg sunken'],
  ['text-3', 'surface bg sunken accent-soft'],
  ['accent-text', 'surface bg accent-soft'],
  ['on-accent', 'accent accent-hover accent-active'],
  ['ok', 'ok-soft'],
  ['warn', 'warn-soft'],
  ['danger', 'danger-soft surface'],
  ['seal', 'seal-soft surface'],
].flatMap(([text = '', backgrounds = '']) =>
  backgrounds.split(' ').map((background) => [`--postern-${text}`, `--postern-${background}`] as const),
);

/** WCAG 2.2, 1.4.3. */
const minContrast = 4.5;

/** Buttons with a new colour get their other states from it, unless the theme names those. */
const derived = { '--postern-accent-hover': 0.12, '--postern-accent-active': 0.24 };

/** @returns null for a theme without a variable */
export function themeCss(theme: Theme): string | null {
  const lines = Object.entries(withDerived(theme)).map(([name, value]) => `${name}:${textOf(value)};`);
  return lines.length > 0 ? `:root{${lines.join('')}}\n` : null;
}

/** @param tokens the variables of the pages and their values without a theme */
export function themeWarnings(theme: Theme, tokens: Tokens): string[] {
  const complete = withDerived(theme);
  const unknown = Object.keys(theme)
    .filter((name) => !Object.hasOwn(tokens, name))
    .map((name) => `PAGES_THEME: the pages have no variable ${name}`);
  const weak = pairs
    .filter((pair) => pair.some((name) => Object.hasOwn(complete, name)))
    .flatMap((pair) => weakSchemes(pair, complete, tokens));
  return [...unknown, ...weak];
}

function weakSchemes([text, background]: readonly [string, string], theme: Theme, tokens: Tokens): string[] {
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const [one, other] = [text, background].map((name) => colourOf(theme[name] ?? tokens[name] ?? '', scheme));
    const contrast = one && other ? contrastOf(one, other) : minContrast;
    if (contrast >= minContrast) return [];
    const shown = (Math.floor(contrast * 100) / 100).toFixed(2);
    return [`PAGES_THEME: ${text} on ${background} has a contrast of ${shown} in ${scheme} mode; use ${minContrast}`];
  });
}

/** @returns the colour of a value of the theme or of a token, which may be `light-dark(#…, #…)`; null: it is none */
function colourOf(value: ThemeValue, scheme: 'light' | 'dark'): string | null {
  const text = typeof value === 'string' ? value : value[scheme];
  if (isColour(text)) return text;
  const [, light = '', dark = ''] = /^light-dark\((#\w+), (#\w+)\)$/.exec(text) ?? [];
  const colour = scheme === 'light' ? light : dark;
  return isColour(colour) ? colour : null;
}

function withDerived(theme: Theme): Theme {
  const accent = theme['--postern-accent'];
  if (accent === undefined) return theme;
  const states = Object.entries(derived).map(([name, share]) => [name, mapped(accent, (one) => darkened(one, share))]);
  return { ...Object.fromEntries(states), ...theme };
}

function mapped(value: ThemeValue, change: (colour: string) => string): ThemeValue {
  return typeof value === 'string' ? change(value) : { light: change(value.light), dark: change(value.dark) };
}

function textOf(value: ThemeValue): string {
  return typeof value === 'string' ? value : `light-dark(${value.light},${value.dark})`;
}
