/** Devices that an account trusts, because they signed in to it before. */
import { findKnownDevices } from '../../persistence/sessions/known-devices.ts';
import type { Caller } from '../caller.ts';
import type { AttemptDeps } from './deps.ts';

/**
 * A user trusts the devices that signed in last, until the password changes or the user disowns a sign-in.
 * @returns the id of the caller's device, or null where the account of this address does not trust it
 */
export async function trustedDeviceOf(deps: AttemptDeps, { client }: Caller, email: string): Promise<string | null> {
  const { em, clock, deviceTokens } = deps;
  const device = client.deviceToken ? deviceTokens.open(client.deviceToken, clock.now()) : null;
  if (!device) return null;
  const known = await findKnownDevices(em, device.userId, email);
  if (!known || (known.trustedSince !== null && device.mintedAt < new Date(known.trustedSince))) return null;
  return known.devices.includes(device.deviceId) ? device.deviceId : null;
}

/** Whether the request carries a device token of this deployment, for any account. */
export function isKnownDevice(
  { deviceTokens, clock }: Pick<AttemptDeps, 'deviceTokens' | 'clock'>,
  { client }: Caller,
) {
  return client.deviceToken !== null && deviceTokens.open(client.deviceToken, clock.now()) !== null;
}
