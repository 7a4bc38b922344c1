/**
 * Refresh tokens: `base64url(familyId . generation . HMAC-SHA256(key, familyId . generation))`.
 * Derived, never stored: a leaked database holds no token, a forged one touches no row, and the successor of a
 * generation is always the same token. domain/sessions/refresh.ts decides whether a generation is valid.
 */
import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { parse as parseUuid, stringify as uuidOf } from 'uuid';
import type { KeyRing } from '../keys/key-ring.ts';

const idBytes = 16;
const generationBytes = 4;
const macBytes = 32;
const tokenBytes = idBytes + generationBytes + macBytes;
const encodedLength = Math.ceil((tokenBytes * 4) / 3);

export interface RefreshTokenClaims {
  familyId: string;
  generation: number;
}

export interface RefreshTokens {
  mint(claims: RefreshTokenClaims): string;
  /** @returns null for a token that this deployment did not issue */
  open(token: string): RefreshTokenClaims | null;
}

export function createRefreshTokens(keys: KeyRing): RefreshTokens {
  return {
    mint({ familyId, generation }) {
      const body = Buffer.alloc(idBytes + generationBytes);
      body.set(parseUuid(familyId));
      body.writeUInt32BE(generation, idBytes);
      return Buffer.concat([body, mac(keys.current('refresh-token'), body)]).toString('base64url');
    },
    open(token) {
      if (token.length !== encodedLength) return null;
      const bytes = Buffer.from(token, 'base64url');
      // The second comparison rejects another encoding of the same bytes.
      if (bytes.length !== tokenBytes || bytes.toString('base64url') !== token) return null;
      const body = bytes.subarray(0, idBytes + generationBytes);
      const presented = bytes.subarray(idBytes + generationBytes);
      const genuine = keys.accepted('refresh-token').some((key) => timingSafeEqual(mac(key, body), presented));
      return genuine ? { familyId: uuidOf(body.subarray(0, idBytes)), generation: body.readUInt32BE(idBytes) } : null;
    },
  };
}

/** The same for one request: limits, CSRF check and refresh open one token, and its MAC is computed once. */
export function openingOnce({ mint, open }: RefreshTokens): RefreshTokens {
  let last: { token: string; claims: RefreshTokenClaims | null } | undefined;
  return {
    mint,
    open(token) {
      if (last?.token !== token) last = { token, claims: open(token) };
      return last.claims;
    },
  };
}

function mac(key: KeyObject, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
