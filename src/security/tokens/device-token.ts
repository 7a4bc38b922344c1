/**
 * Device tokens: a signed statement that this device completed a sign-in of this user. It grants no access; it only
 * allows password attempts while other devices are locked out (domain/attempts/sign-in-attempts.ts).
 */
import { createHmac, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto';
import { parse as parseUuid, stringify as uuidOf } from 'uuid';
import type { KeyRing } from '../keys/key-ring.ts';

export const deviceTokenSeconds = 180 * 24 * 60 * 60;

export interface DeviceClaims {
  userId: string;
  deviceId: string;
  mintedAt: Date;
}

export interface DeviceTokens {
  /** @param deviceId the id in an earlier token of the same device, if it has one */
  mint(userId: string, now: Date, deviceId?: string): string;
  /** @returns null for a token that this deployment did not issue, or that is older than 180 days */
  open(token: string, now: Date): DeviceClaims | null;
}

const idBytes = 16;
const timeBytes = 6;
const bodyBytes = 2 * idBytes + timeBytes;
const tokenBytes = bodyBytes + 32;

export function createDeviceTokens(keys: KeyRing): DeviceTokens {
  return {
    mint(userId, now, deviceId = randomUUID()) {
      const body = Buffer.alloc(bodyBytes);
      body.set(parseUuid(userId));
      body.set(parseUuid(deviceId), idBytes);
      body.writeUIntBE(now.getTime(), 2 * idBytes, timeBytes);
      return Buffer.concat([body, mac(keys.current('device-token'), body)]).toString('base64url');
    },
    open(token, now) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== tokenBytes) return null;
      const body = bytes.subarray(0, bodyBytes);
      const presented = bytes.subarray(bodyBytes);
      if (!keys.accepted('device-token').some((key) => timingSafeEqual(mac(key, body), presented))) return null;
      const mintedAt = new Date(body.readUIntBE(2 * idBytes, timeBytes));
      if (now.getTime() - mintedAt.getTime() > deviceTokenSeconds * 1000) return null;
      return {
        userId: uuidOf(body.subarray(0, idBytes)),
        deviceId: uuidOf(body.subarray(idBytes, 2 * idBytes)),
        mintedAt,
      };
    },
  };
}

function mac(key: KeyObject, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest();
}
