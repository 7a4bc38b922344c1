/** What clients know: every change that was acknowledged to them, and the few whose answer was lost. */
import type { SignedIn } from '../../support/gateway/gateway.ts';

export interface Tokens {
  sessionId: string;
  accessToken: string;
  refreshToken: string;
}

export interface Password {
  current: string;
  /** A change to it was sent, and its answer was lost. */
  uncertain: string | null;
  /** Replaced by an acknowledged change. */
  replaced: string[];
}

export interface Ledger {
  /** Sessions that clients hold, by id, with the newest tokens that they received. */
  sessions: Map<string, Tokens>;
  /** Acknowledged refreshes by session. */
  rotations: Map<string, number>;
  /** The last tokens of sessions whose logout was acknowledged. */
  ended: Tokens[];
  passwords: Map<string, Password>;
  /** Addresses whose registration was acknowledged: a mail has to arrive. */
  registered: Set<string>;
  /** Addresses whose confirmation was acknowledged. */
  confirmed: Set<string>;
}

export function createLedger(): Ledger {
  return {
    sessions: new Map(),
    rotations: new Map(),
    ended: [],
    passwords: new Map(),
    registered: new Set(),
    confirmed: new Set(),
  };
}

export function tokensOf({ session, accessToken, refreshToken }: SignedIn): Tokens {
  return { sessionId: session.id, accessToken, refreshToken };
}

export function countChanges(ledger: Ledger): number {
  const sum = (numbers: Iterable<number>) => [...numbers].reduce((total, number) => total + number, 0);
  const passwords = [...ledger.passwords.values()].map(({ replaced }) => replaced.length);
  const sessions = ledger.sessions.size + 2 * ledger.ended.length;
  const people = ledger.registered.size + ledger.confirmed.size;
  return sessions + people + sum(passwords) + sum(ledger.rotations.values());
}
