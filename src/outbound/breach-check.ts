/**
 * Is a password known from a breach? Asks a provider of the k-anonymity range protocol (Have I Been Pwned's, or a copy
 * of one's own): it learns the first five of forty hex digits of a SHA-1, and never which password was meant
 * (NIST SP 800-63B-4 3.1.1.2, ASVS 6.2.12). Only new passwords are asked about; a provider that is down, slow or wrong
 * lets them pass, and is counted.
 */
import { createHash } from 'node:crypto';

export interface BreachCheck {
  /** Never throws, and takes no longer than `timeoutMs`. */
  isBreached(password: string): Promise<boolean>;
}

const timeoutMs = 1500;
const prefixLength = 5;
/** With padding an answer has some 40 kB; more is no such answer. */
const maxAnswerBytes = 2_000_000;

/**
 * @param url what the prefix is appended to as a path, such as `https://api.pwnedpasswords.com/range`; null: nothing is checked
 * @param failed called with a code when a password is accepted without a check
 */
export function createBreachCheck(url: string | null, failed: (problem: string) => void): BreachCheck {
  return {
    async isBreached(password) {
      if (url === null) return false;
      const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
      try {
        return holds(await ask(url, hash.slice(0, prefixLength)), hash.slice(prefixLength));
      } catch (error) {
        failed(error instanceof BreachCheckFailed ? error.message : error instanceof Error ? error.name : 'unknown');
        return false;
      }
    },
  };
}

class BreachCheckFailed extends Error {}

async function ask(url: string, prefix: string): Promise<string> {
  const answer = await fetch(`${url}/${prefix}`, {
    // Padding hides the prefix from eavesdroppers: the length of the answer does not reveal it.
    headers: { 'add-padding': 'true', accept: 'text/plain' },
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    throw new BreachCheckFailed(`status ${answer.status}`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > maxAnswerBytes) throw new BreachCheckFailed('answer too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
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
