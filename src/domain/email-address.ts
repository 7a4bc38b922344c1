/** One spelling for every e-mail address: counters, look-ups and uniqueness all compare the normalised form. */
import { domainToASCII } from 'node:url';
import { maxEmailUnits } from '../security/bounded-text.ts';
import type { FieldProblem } from './errors.ts';

const maxLength = 254;
const maxLocalLength = 64;
/** No quotes, no white space, no control characters: nothing that could become part of a mail header. */
const localPattern = /^[^\s"(),:;<>@[\\\]\p{Cc}\p{Cf}\p{Cs}]+$/u;
/** What may stand in a host name before it becomes ASCII: the URL parser below would take more, and change it. */
const hostPattern = /^[\p{L}\p{M}\p{N}.\u3002-]+$/u;
/** Labels of a host name; the last is no number, or it would be an IP address. */
const domainPattern = /^(?!.*\.\d+$)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/;

/** @returns the normalised address, or null when it is none */
export function normaliseEmail(text: string): string | null {
  if (text.length > maxEmailUnits) return null;
  const trimmed = text.trim().normalize('NFKC').toLowerCase();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const host = trimmed.slice(at + 1);
  const domain = hostPattern.test(host) ? domainToASCII(host) : '';
  const wellFormed =
    at > 0 &&
    local.length <= maxLocalLength &&
    localPattern.test(local) &&
    !local.startsWith('.') &&
    !local.endsWith('.') &&
    !local.includes('..') &&
    domainPattern.test(domain);
  const address = `${local}@${domain}`;
  return wellFormed && address.length <= maxLength ? address : null;
}

export function invalidEmail(path: string): FieldProblem {
  return { path, code: 'INVALID_EMAIL', message: 'Give an e-mail address, such as ada@example.com.' };
}
