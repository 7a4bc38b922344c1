/**
 * Is a password known from a breach? Asks a provider of the k-anonymity range protocol (Have I Been Pwned's, or a copy
 * of one's own): it learns the first five of forty hex digits of a SHA-1, and never which password was meant
 * (NIST SP 800-63B-4 3.1.1.2, ASVS 6.2.12). Only new passwords are asked about; a provider that is down, slow or wrong
 * lets them pass, and is counted.
 */
import { createHash } from 'node:crypto';
import type { Outbound } from './outbound.ts';

export interface BreachCheck {
  /** Never throws, and takes no longer than `totalMs`. */
  isBreached(password: string): Promise<boolean>;
  /** The same. @returns null when the provider did not answer */
  lookUp(password: string): Promise<boolean | null>;
}

const totalMs = 1500;
const prefixLength = 5;
/** With padding an answer has some 40 kB; more is no such answer. */
const maxAnswerBytes = 2_000_000;

/**
 * @param url what the prefix is appended to as a path, such as `https://api.pwnedpasswords.com/range`; null: nothing is checked
 * @param failed called with a fixed text when a password is accepted without a check
 */
export function createBreachCheck(
  outbound: Outbound,
  url: string | null,
  failed: (problem: string) => void,
): BreachCheck {
  async function lookUp(password: string): Promise<boolean | null> {
    if (url === null) return null;
    const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
    try {
      return holds(await ask(outbound, url, hash.slice(0, prefixLength)), hash.slice(prefixLength));
    } catch (error) {
      failed(error instanceof Error ? error.message : 'unknown');
      return null;
    }
  }
  return { lookUp, isBreached: async (password) => (await lookUp(password)) ?? false };
}

class BreachCheckFailed extends Error {}

async function ask(outbound: Outbound, url: string, prefix: string): Promise<string> {
  const answer = await outbound.fetch(`${url}/${prefix}`, {
    purpose: 'breach_check',
    // Padding hides the prefix from eavesdroppers: the length of the answer does not reveal it.
    headers: { 'add-padding': 'true', accept: 'text/plain' },
    totalMs,
    maxAnswerBytes,
  });
  if (!answer.ok) throw new BreachCheckFailed(`status ${answer.status}`);
  return answer.text();
}

/** Lines of `SUFFIX:COUNT`; padding has a count of zero. */
function holds(answer: string, suffix: string): boolean {
  const lines = answer.split(/\r?\n/).filter(Boolean);
  if (lines.some((line) => !/^[0-9A-Fa-f]{35}:\d+$/.test(line.trim()))) throw new BreachCheckFailed('not a range');
  return lines.some((line) => {
    const [candidate = '', count] = line.trim().split(':');
    return candidate.toUpperCase() === suffix && Number(count) > 0;
  });
}
