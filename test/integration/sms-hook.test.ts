/** `SMS_PROVIDER=hook`: the operator's code delivers text messages. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { beginPhone, confirmPhone, newNumber } from '../support/people/phones.ts';
import { until } from '../support/races/until.ts';
import { type HookServer, startHookServer } from '../support/servers/hook-server.ts';

const settings: Record<string, string> = { SMS_PROVIDER: 'hook', SMS_COUNTRIES: 'DE' };
let hooks: HookServer;
beforeAll(async () => {
  hooks = await startHookServer();
  Object.assign(settings, await hooks.settings({ sendSms: {} }));
});
afterAll(() => hooks.stop());
const gateway = useGateway(settings);
beforeEach(() => hooks.reset());

const sentTo = (number: string) =>
  until('the message', () => hooks.callsOf('sendSms').find(({ data }) => data.to === number));
const messageOf = async (id: string) => {
  const text = 'select state, last_error as "lastError" from sms_messages where id = $1';
  return (await gateway.database.query<{ state: string; lastError: string | null }>(text, [id]))[0];
};

test('the hook gets the text, and its code verifies the phone', async () => {
  const ada = await gateway.person();
  const number = newNumber();
  const { flow } = await beginPhone(gateway, ada, number);
  const { data } = await sentTo(number);
  const code = /\d{8}/.exec(data.text)?.[0] ?? '';
  expect(await confirmPhone(gateway, ada, { flow, code })).toMatchObject({ country: 'DE' });
  await until('the message is sent', async () => (await messageOf(data.id))?.state === 'sent');
});

test('a message that the hook refuses is not sent again; one that it could not take is, with its id', async () => {
  const ada = await gateway.person();
  const [first, second] = [newNumber(), newNumber()];
  hooks.on('sendSms', () => ({ status: 422, body: '' }));
  await beginPhone(gateway, ada, first);
  const refused = await sentTo(first);
  await until('the message is dead', async () => (await messageOf(refused.data.id))?.state === 'dead');
  hooks.reset();
  hooks.on('sendSms', () => ({ status: 503, body: '' }));
  await beginPhone(gateway, ada, second);
  const { data } = await sentTo(second);
  await until('the failure is recorded', async () => (await messageOf(data.id))?.lastError === 'hook');
  hooks.reset();
  gateway.clock.travel(20);
  expect((await sentTo(second)).data.id).toBe(data.id);
});
