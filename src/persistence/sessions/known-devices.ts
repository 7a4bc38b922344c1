/** The devices of a user: those that signed in last. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** The maximum of known devices of a user. A sign-in from another device makes the oldest one unknown. */
export const maxKnownDevices = 20;

/** @returns the ids of the devices that signed in last, the newest first */
export async function knownDevicesOf(em: EntityManager, userId: string): Promise<string[]> {
  const rows = await em.execute<{ deviceId: string }[]>(
    `select device_id as "deviceId" from token_families where user_id = ? and device_id is not null
     group by device_id order by max(id::text) desc limit ${maxKnownDevices}`,
    [userId],
  );
  return rows.map(({ deviceId }) => deviceId);
}
