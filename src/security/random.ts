/** Random bytes for ids and salts. Keys and tokens draw their own. */
import { randomFillSync } from 'node:crypto';

const blockBytes = 16;
/** For many blocks at once: the system takes 6 µs for a draw, whatever its length. */
const drawn = Buffer.alloc(256 * blockBytes);
let used = drawn.length;

/** @returns 16 bytes that no other caller gets */
export function randomBlock(): Buffer {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += blockBytes;
  return Buffer.from(drawn.subarray(used - blockBytes, used));
}
