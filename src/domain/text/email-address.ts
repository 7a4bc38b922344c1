/** One spelling for every e-mail address: counters, look-ups and uniqueness all compare the normalised form. */
import { domainToASCII, domainToUnicode } from 'node:url';
import { maxEmailUnits } from '../../security/bounded-text.ts';
import type { FieldProblem } from '../errors.ts';
import { isVisible } from './visible-text.ts';

const maxLength = 254;
const maxLocalLength = 64;
/** What copying from a document or a chat leaves around an address: white space, direction marks, a byte order mark. */
const around = /^[\s\p{Cf}\p{Default_Ignorable_Code_Point}]+|[\s\p{Cf}\p{Default_Ignorable_Code_Point}]+$/gu;
/** No quotes, no white space, no control characters: nothing that could become part of a mail header. */
const localPattern = /^[^\s"(),:;<>@[\\\]\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+$/u;
/**
 * Characters that the URL parser of domainToASCII checks by the rules of UTS 46. It would cut off or decode other ASCII and
 * drop invisible characters, except the joiners U+200C and U+200D, whose places it checks.
 */
const hostPattern = /^(?:[A-Za-z0-9.-]|\u200c|\u200d|[^\p{ASCII}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+$/u;
/** Labels of a host name; the last is no number, or it would be an IP address. */
const domainPattern = /^(?!.*\.\d+$)(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+$/;

/** @returns the normalised address, or null when it is none */
export function normaliseEmail(text: string): string | null {
  if (text.length > maxEmailUnits) return null;
  const typed = narrow(text.replace(around, ''));
  const at = typed.lastIndexOf('@');
  const local = normaliseLocal(typed.slice(0, at));
  const domain = normaliseDomain(typed.slice(at + 1));
  if (at < 1 || local === null || domain === null) return null;
  const address = `${local}@${domain}`;
  return address.length <= maxLength ? address : null;
}

export function invalidEmail(path: string): FieldProblem {
  return { path, code: 'INVALID_EMAIL', message: 'Enter an e-mail address, for example ada@example.com.' };
}

/**
 * Letter case and Unicode's canonical forms do not tell mailboxes apart (RFC 6532 3.1). Compatibility forms may: NFKC
 * makes `fi` of the ligature and `2` of the superscript, so mail would go to another mailbox than the one typed. Such
 * an address is refused.
 */
function normaliseLocal(typed: string): string | null {
  const composed = typed.normalize('NFC');
  if (composed !== typed.normalize('NFKC')) return null;
  // Lower case of the Turkish capital is i with a second dot, which no keyboard writes.
  const local = composed.toLowerCase().replaceAll('i\u0307', 'i').normalize('NFC');
  const wellFormed =
    local.length <= maxLocalLength &&
    localPattern.test(local) &&
    isVisible(local) &&
    !local.startsWith('.') &&
    !local.endsWith('.') &&
    !local.includes('..');
  return wellFormed ? local : null;
}

function normaliseDomain(typed: string): string | null {
  const domain = hostPattern.test(typed) ? domainToASCII(typed) : '';
  return domainPattern.test(domain) && domain.split('.').every(isLabel) ? domain : null;
}

/** Whether a label is one of a name in ASCII, or the Punycode of another name (RFC 5890 2.3.2.1). */
function isLabel(label: string): boolean {
  if (!label.startsWith('xn--')) return true;
  const unicode = domainToUnicode(label);
  return unicode !== label && domainToASCII(unicode) === label;
}

/** Input methods for East Asian scripts write ASCII in full width; it is the same text (RFC 8264 5.2.1). */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));
}
