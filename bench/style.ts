/**
 * Measures the language of the repository: idioms per 1,000 words of comments, SDL descriptions, strings (messages and
 * test titles) and markdown. `node bench/style.ts` fails when a folder is above the limit; `--report` only prints the
 * table.
 *
 * A relative clause after a role is legal English ("the user who signs in"), and its pronoun is not counted. Metaphors
 * count in comments only, because the same words can be legal values of a string. Code in markdown is not language. Strings of one word are names. schema/subgraph.graphql and docs/api.md repeat
 * schema/schema.graphql.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const limit = 2;
const files =
  /^(src|packages|migrations|docs|test|bench|examples|deploy)\/.*\.(tsx?|md)$|^schema\/schema\.graphql$|^[A-Z]+\.md$/;
const skipped = /\/generated\/|\/wording\/de\.ts$|^docs\/.*\.ts$|^docs\/api\.md$/;

const roles =
  'users?|callers?|owners?|attackers?|administrators?|operators?|clients?|readers?|developers?|reviewers?|auditors?|members?|holders?|actors?|persons?|people|engineers?';
const idioms = new RegExp(
  [
    `(?<!\\b(?:${roles}),?\\s)\\bwho\\b`,
    '\\b(?:whoever|whom|whomever|somebody|nobody|anybody|everybody)\\b',
    '\\banew\\b|\\bbites?\\b|\\bof ours\\b',
    '\\b(?:is|are|was|were|be) told\\b',
    '\\b(?:run|runs|ran) out\\b',
    '\\b(?:go|goes|went) on\\b',
    '\\bto be had\\b',
  ].join('|'),
  'gi',
);
const metaphors = /\b(?:halls?|streets?|doors?|judg(?:e|es|ed|ing)|rooms?|houses?|guests?|wish(?:es)?|news)\b/g;

interface Text {
  text: string;
  line: number;
  isComment: boolean;
}

const sourceText = /\/\*[\s\S]*?\*\/|\/\/.*$|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/gm;
const description = /"""[\s\S]*?"""/g;
const markdownCode = /^```[\s\S]*?^```|`[^`\n]*`/gm;

function textsOf(path: string, content: string): Text[] {
  if (path.endsWith('.md')) {
    const text = content.replace(markdownCode, (code) => code.replace(/[^\n]/g, ' '));
    return text.split('\n').map((line, index) => ({ text: line, line: index + 1, isComment: false }));
  }
  return [...content.matchAll(path.endsWith('.ts') ? sourceText : description)]
    .map(({ 0: text, index }) => ({
      text: text.replace(/\n\s*\*/g, '\n '),
      line: content.slice(0, index).split('\n').length,
      isComment: text.startsWith('/'),
    }))
    .filter(({ text }) => /[a-z] [a-z]/i.test(text));
}

interface Count {
  words: number;
  places: string[];
}

const folders = new Map<string, Count>();
for (const path of execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n')) {
  if (!files.test(path) || skipped.test(path)) continue;
  const [top = '', next = ''] = path.split('/');
  const folder = (top === 'src' || top === 'packages') && !next.includes('.') ? `${top}/${next}` : top;
  const count = folders.get(folder) ?? { words: 0, places: [] };
  folders.set(folder, count);
  for (const { text, line, isComment } of textsOf(path, readFileSync(path, 'utf8'))) {
    count.words += text.match(/[a-z]+/gi)?.length ?? 0;
    for (const pattern of isComment ? [idioms, metaphors] : [idioms])
      for (const { 0: word, index } of text.matchAll(pattern))
        count.places.push(
          `${path}:${line + text.slice(0, index).split('\n').length - 1}: ${word.replace(/\s+/g, ' ')}`,
        );
  }
}

const total: Count = { words: 0, places: [] };
for (const { words, places } of folders.values()) {
  total.words += words;
  total.places.push(...places);
}
const rate = ({ words, places }: Count) => (places.length / words) * 1000;
const isReport = process.argv.includes('--report');
const isTooMuch = [...folders.values()].some((count) => rate(count) > limit);
if (isTooMuch && !isReport) process.stdout.write(`${total.places.join('\n')}\n\n`);
for (const [folder, count] of [...folders, ['total', total] as const])
  process.stdout.write(
    `${folder.padEnd(20)} ${String(count.places.length).padStart(5)} in ${String(count.words).padStart(6)} words, ${rate(count).toFixed(1)} per 1,000\n`,
  );
if (isTooMuch && !isReport) {
  process.stderr.write(`More than ${limit} idioms per 1,000 words: rewrite the places above in plain English.\n`);
  process.exitCode = 1;
}
