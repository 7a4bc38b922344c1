/** Keeps for the sign-in page that an account was deleted: the session has ended by then. */
let erasedAt: string | null = null;

/** @param purgeAt when the data is erased, as ISO 8601 */
export function noteDeletion(purgeAt: string): void {
  erasedAt = purgeAt;
}

export function notedDeletion(): string | null {
  return erasedAt;
}
