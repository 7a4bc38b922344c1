/** Verifies phones of users, as an application does. */
import type { TestGateway } from '../gateway/gateway.ts';
import {
  BeginPhoneVerificationDocument,
  ConfirmPhoneDocument,
  PhonesDocument,
  RemovePhoneDocument,
} from '../generated/graphql.ts';
import type { TwilioServer } from '../servers/twilio-server.ts';

export interface PhoneUser {
  accessToken: string;
}

let serial = 0;
/** A mobile number. @param prefix after +49: three digits of a mobile network, and one more */
export function newNumber(prefix = '1512'): string {
  serial += 1;
  return `+49${prefix}${String(serial).padStart(7, '0')}`;
}

export async function beginPhone(gateway: TestGateway, { accessToken }: PhoneUser, number: string) {
  const input = { number };
  return (await gateway.send(BeginPhoneVerificationDocument, { input }, accessToken)).beginPhoneVerification;
}

export async function confirmPhone(
  gateway: TestGateway,
  { accessToken }: PhoneUser,
  input: { flow: string; code: string; factor?: boolean },
) {
  const given = { factor: false, ...input };
  return (await gateway.send(ConfirmPhoneDocument, { input: given }, accessToken)).confirmPhone.phone;
}

/** Begins, reads the message and confirms. */
export async function addPhone(
  gateway: TestGateway,
  twilio: TwilioServer,
  user: PhoneUser,
  { number = newNumber(), factor = false }: { number?: string; factor?: boolean } = {},
) {
  const { flow } = await beginPhone(gateway, user, number);
  const code = await twilio.takeCode(number);
  return confirmPhone(gateway, user, { flow, code, factor });
}

export async function removePhone(gateway: TestGateway, { accessToken }: PhoneUser, id: string) {
  return gateway.send(RemovePhoneDocument, { input: { id } }, accessToken);
}

export async function phonesOf(gateway: TestGateway, { accessToken }: PhoneUser) {
  return (await gateway.send(PhonesDocument, {}, accessToken)).viewer?.phones ?? [];
}
