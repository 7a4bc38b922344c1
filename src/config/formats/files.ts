/** Formats of settings that name a file: the file is read, and its content is checked. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** The path of a PEM file. */
export const certificates = z.string().superRefine((path, context) => {
  try {
    new X509Certificate(readFileSync(path));
  } catch {
    context.addIssue('use the path of a PEM file with certificates that this process can read');
  }
});

/** The path of the file that codegen's client preset writes with `persistedDocuments`: document texts by id. */
export const manifest = z.string().transform((path, context): ReadonlyMap<string, string> => {
  const reject = (problem: string) => {
    context.addIssue(`${problem}; use the path of the persisted-documents.json of codegen's client preset`);
    return z.NEVER;
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return reject('the file cannot be read');
  }
  const parsed = z.preprocess(parseJson, z.record(z.string().min(1), z.string().min(1))).safeParse(text);
  if (!parsed.success) return reject('the file is not a JSON object of documents by their ids');
  const documents = new Map(Object.entries(parsed.data));
  return documents.size > 0 ? documents : reject('the file contains no document');
});

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
