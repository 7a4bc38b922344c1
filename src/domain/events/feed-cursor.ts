/** The cursor of the revocation feed: the cluster, the time, and the snapshot that were read. Callers treat it as text. */

export interface FeedCursor {
  clusterId: string;
  readAt: Date;
  snapshot: string;
}

const maxLength = 8192;
/** A longer one is replaced by its begin: entries are then repeated, and none is lost. */
const maxSnapshotLength = 2000;
const form = /^(\d{1,20})\.(\d{1,12})\.((\d{1,19}):(\d{1,19}):(\d{1,19}(?:,\d{1,19})*)?)$/;

export function encodeCursor({ clusterId, readAt, snapshot }: FeedCursor): string {
  const [begin = '0'] = snapshot.split(':');
  const short = snapshot.length > maxSnapshotLength ? `${begin}:${begin}:` : snapshot;
  return Buffer.from(`${clusterId}.${Math.floor(readAt.getTime() / 1000)}.${short}`).toString('base64url');
}

/** @returns null for a text that is no cursor */
export function decodeCursor(text: string): FeedCursor | null {
  if (text.length > maxLength) return null;
  const decoded = Buffer.from(text, 'base64url').toString();
  const [, clusterId, seconds, snapshot, begin, end, between = ''] = form.exec(decoded) ?? [];
  if (!clusterId || !seconds || !snapshot || !begin || !end) return null;
  const numbers = [begin, ...between.split(',').filter(Boolean)].map(BigInt);
  const last = BigInt(end);
  // PostgreSQL raises an error for others.
  const isOrdered = numbers.every((number, index) => index < 2 || number > (numbers[index - 1] ?? 0n));
  const isWithin = numbers.every((number, index) => (index === 0 ? number <= last : number < last));
  const isFrom = numbers.every((number) => number >= (numbers[0] ?? 0n) && number > 0n);
  if (!isOrdered || !isWithin || !isFrom || last >= 2n ** 63n) return null;
  return { clusterId, readAt: new Date(Number(seconds) * 1000), snapshot };
}
