/** Loads the pages of the served applications into memory. No file is read after the start. */
import { createHash } from 'node:crypto';
import { type Build, buildFolder, readBuild } from './build.ts';
import { htmlHeaders } from './headers.ts';
import { completeHtml } from './html.ts';
import { createFile, type ServedFile } from './served-file.ts';
import type { ApplicationName, PagesSettings } from './settings.ts';
import { themeCss, themeWarnings } from './theme.ts';

export interface ServedApplication {
  name: ApplicationName;
  /** The path of the application for browsers, which contains the path of PUBLIC_URL: `/account/`. */
  start: string;
  /** The paths of the pages below `start`; the first one is the start. */
  paths: readonly string[];
  html: ServedFile;
  htmlHeaders: Readonly<Record<string, string>>;
  /** By name, below `assets/`. */
  files: ReadonlyMap<string, ServedFile>;
}

export interface ServedPages {
  /** The names of the applications. */
  served: readonly ApplicationName[];
  applications: readonly ServedApplication[];
  /** The operations that the pages send: TRUSTED_DOCUMENTS must know them. */
  documents: readonly string[];
  /** About the theme. */
  warnings: readonly string[];
}

/** @throws Error when an application is not built */
export async function loadPages(settings: PagesSettings, folder = buildFolder): Promise<ServedPages> {
  const builds = await Promise.all(settings.served.map(async (name) => [name, await readBuild(folder, name)] as const));
  const added = addedFiles(settings);
  const [, anyBuild] = builds[0] ?? [];
  return {
    served: settings.served,
    applications: builds.map(([name, build]) => createApplication(name, build, { settings, added })),
    documents: builds.flatMap(([, { documents }]) => documents),
    warnings: anyBuild ? themeWarnings(settings.theme, anyBuild.tokens) : [],
  };
}

/** The files of the operator, which every application serves as its own. */
interface AddedFiles {
  theme: NamedFile | null;
  logo: NamedFile | null;
}

interface NamedFile {
  name: string;
  file: ServedFile;
}

function addedFiles({ theme, logo }: PagesSettings): AddedFiles {
  const css = themeCss(theme);
  return {
    theme: css === null ? null : named('theme', '.css', createFile('text/css; charset=utf-8', Buffer.from(css))),
    logo: logo && named('logo', logo.type === 'image/png' ? '.png' : '.svg', createFile(logo.type, logo.content)),
  };
}

function named(name: string, extension: string, file: ServedFile): NamedFile {
  const hash = createHash('sha256').update(file.content).digest('base64url').slice(0, 8);
  return { name: `${name}-${hash}${extension}`, file };
}

function createApplication(
  name: ApplicationName,
  { html, paths, files }: Build,
  { settings, added: { theme, logo } }: { settings: PagesSettings; added: AddedFiles },
): ServedApplication {
  const base = new URL(settings.publicUrl).pathname.replace(/\/$/, '');
  const start = `${base}/${name}/`;
  const complete = completeHtml(html, { base, start, theme: theme?.name ?? null, logo: logo?.name ?? null, settings });
  const all = new Map(files);
  for (const one of [theme, logo]) if (one) all.set(one.name, one.file);
  return {
    name,
    start,
    paths,
    files: all,
    html: createFile('text/html; charset=utf-8', Buffer.from(complete)),
    // The console has no form that needs a captcha.
    htmlHeaders: htmlHeaders(name === 'account' ? settings.captcha : null),
  };
}
