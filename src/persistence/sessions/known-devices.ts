/** The devices of a user: those that signed in last. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../statement.ts';

/** The maximum of known devices of a user. A sign-in from another device makes the oldest one unknown. */
export const maxKnownDevices = 20;

const newestDevices = `select device_id from token_families where user_id = u.id and device_id is not null
      group by device_id order by max(id::text) desc limit ${maxKnownDevices}`;

/** @returns the ids of the devices that signed in last, the newest first */
export async function knownDevicesOf(em: EntityManager, userId: string): Promise<string[]> {
  const [row] = await em.execute<{ devices: string[] }[]>(
    `select array(${newestDevices}) as devices from users u where id = ?`,
    [userId],
  );
  return row?.devices ?? [];
}

const statement = {
  name: 'known_devices',
  text: `select devices_trusted_since as "trustedSince", array(${newestDevices}) as devices
    from users u where id = $1 and email = $2`,
};

export interface KnownDevices {
  /** Device tokens that are older are rejected. PostgreSQL's text. */
  trustedSince: string | null;
  devices: string[];
}

/** @returns null without such a user */
export async function findKnownDevices(em: EntityManager, userId: string, email: string): Promise<KnownDevices | null> {
  const [row] = await query<KnownDevices>(em, statement, [userId, email]);
  return row ?? null;
}
