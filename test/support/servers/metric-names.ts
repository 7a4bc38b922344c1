/** The metrics that docs/observability.md documents, and the ones that a scrape or a query of Prometheus uses. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export interface UsedMetric {
  name: string;
  labels: string[];
}

export const repository = resolve(import.meta.dirname, '../../..');

/** The labels of each metric. */
export async function documentedMetrics(): Promise<Map<string, string[]>> {
  const text = await readFile(join(repository, 'docs/observability.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (`postern_[^|]+) \|([^|]*)\|/gm)];
  const words = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
  return new Map(rows.flatMap(([, names, labels]) => words(names).map((name) => [name, words(labels)] as const)));
}

/** The samples of a scrape: histograms by their own name, without the label of their buckets. */
export function metricsIn(scrape: string): UsedMetric[] {
  const histograms = new Set([...scrape.matchAll(/^# TYPE (\w+) histogram$/gm)].map(([, name = '']) => name));
  return [...scrape.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)].map(([, sample = '', labels = '']) => ({
    name: histograms.has(family(sample)) ? family(sample) : sample,
    labels: [...labels.matchAll(/(\w+)="/g)].map(([, label = '']) => label).filter((label) => label !== 'le'),
  }));
}

/** The metrics of a query, with the labels that it selects. */
export function metricsOf(query: string): UsedMetric[] {
  const pattern = /\b((?:postern|process|nodejs)_\w+)\b(?:\{([^}]*)\})?/g;
  return [...query.matchAll(pattern)].map(([, name = '', labels = '']) => ({
    name: family(name),
    labels: [...labels.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label),
  }));
}

/** The labels that a query groups by. */
export function groupsOf(query: string): string[] {
  const lists = [...query.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].map(([, list = '']) => list.split(/,\s*/));
  return lists.flat();
}

function family(name: string): string {
  return name.replace(/_(bucket|sum|count)$/, '');
}
