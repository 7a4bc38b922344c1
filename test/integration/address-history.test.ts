/** The history of an address: each owner sees the entries from their own time only. */
import { expect, test } from 'vitest';
import {
  goodPassword,
  lockoutOff,
  newAddress,
  refusal,
  registerUser,
  type SignedIn,
  signIn,
} from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import {
  ExportMyDataDocument,
  FullLoginDocument,
  FullSecurityEventsDocument,
  RegisterDocument,
  RequestPasswordResetDocument,
} from '../support/generated/graphql.ts';
import { takeAll } from '../support/mail/mailbox.ts';
import { changeAddress } from '../support/people/address-change.ts';

const holdSeconds = 7 * 24 * 60 * 60;

const gateway = useGateway(lockoutOff);

const failLogin = (email: string) =>
  refusal(gateway.send(FullLoginDocument, { input: { email, password: `${goodPassword} not` } }));

/** Writes entries of several actions that name the address by its hash. */
async function writeEvents(email: string): Promise<void> {
  await failLogin(email);
  await gateway.send(RequestPasswordResetDocument, { input: { email } });
  await gateway.send(RegisterDocument, { input: { email, password: 'Stranger 9 lanterns' } });
  gateway.clock.travel(1);
}

/**
 * The ids of the user's security events and of the events of their export, which must have the same entries about the
 * address.
 */
async function eventsOf({ accessToken }: SignedIn) {
  const { viewer } = await gateway.send(FullSecurityEventsDocument, { first: 100 }, accessToken);
  const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, accessToken);
  const exported: { events: { action: string; occurredAt: string }[] } = JSON.parse(JSON.stringify(exportMyData.data));
  const listed = viewer?.securityEvents.nodes ?? [];
  return [...listed, ...exported.events].map(({ action, occurredAt }) => ({ action, at: new Date(occurredAt) }));
}

test('a new owner of a released address sees nothing from before the registration', async () => {
  const address = newAddress();
  const former = await signIn(gateway, await registerUser(gateway, address));
  await writeEvents(address);
  await changeAddress(gateway, former, address, newAddress());
  await writeEvents(address);
  gateway.clock.travel(holdSeconds + 60);
  await failLogin(address);
  gateway.clock.travel(60);
  const registeredAt = gateway.clock.now();
  await takeAll(gateway, address);
  await registerUser(gateway, address);
  await failLogin(address);
  const events = await eventsOf(await signIn(gateway, address));
  expect(events.filter(({ at }) => at < registeredAt)).toEqual([]);
  expect(events.filter(({ action }) => action === 'login.refused')).toHaveLength(2);
  expect(events.filter(({ action }) => action === 'registration.requested')).toHaveLength(2);
});

test('an owner that changed to a released address sees its events since the change', async () => {
  const address = newAddress();
  const former = await signIn(gateway, await registerUser(gateway, address));
  await writeEvents(address);
  await changeAddress(gateway, former, address, newAddress());
  gateway.clock.travel(holdSeconds + 60);
  const own = newAddress();
  await registerUser(gateway, own);
  await failLogin(address);
  gateway.clock.travel(60);
  const begun = gateway.clock.now();
  await changeAddress(gateway, await signIn(gateway, own), own, address);
  await failLogin(address);
  const events = await eventsOf(await signIn(gateway, address));
  const refusals = events.filter(({ action }) => action === 'login.refused');
  expect(refusals).toHaveLength(2);
  expect(refusals.filter(({ at }) => at < begun)).toEqual([]);
});

test('a former owner sees no later events of the address', async () => {
  const address = newAddress();
  const next = newAddress();
  await changeAddress(gateway, await signIn(gateway, await registerUser(gateway, address)), address, next);
  gateway.clock.travel(holdSeconds + 60);
  await takeAll(gateway, address);
  await registerUser(gateway, address);
  await writeEvents(address);
  const events = await eventsOf(await signIn(gateway, next));
  expect(events.filter(({ action }) => action === 'login.refused')).toEqual([]);
});
