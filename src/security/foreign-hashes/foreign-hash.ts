/** Password hashes that another system made. They verify a password until its owner has signed in once. */

/** Why a hash cannot be imported. */
export type HashProblem = 'UNKNOWN_HASH' | 'WEAK_HASH' | 'HASH_TOO_EXPENSIVE' | 'HASH_CONFIG_MISSING';

export interface ForeignHash {
  /** The one form in which it is stored. */
  encoded: string;
  /** Computes one hash. @param password as the user typed it */
  matches(password: string): Promise<boolean>;
}

/** @returns null for a text that another reader may know */
export type HashReader = (text: string) => ForeignHash | HashProblem | null;

/** Longer texts are no hash of any known system. */
export const maxHashLength = 1024;
