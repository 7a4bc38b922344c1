/** The budgets of text messages under parallel load, and the pause of numbers whose codes are not entered. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockoutOff, refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { BeginMfaCodeDocument } from '../support/generated/graphql.ts';
import { challenge, enrol } from '../support/people/authenticator.ts';
import type { Person } from '../support/people/person.ts';
import { addPhone, beginPhone, confirmPhone, newNumber } from '../support/people/phones.ts';
import { outcomeOf } from '../support/races/at-once.ts';
import { until } from '../support/races/until.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

const settings: Record<string, string> = {
  ...lockoutOff,
  SMS_BUDGET: '60/1d',
  SMS_BUDGET_PER_PREFIX: '20/1h',
  SMS_AS_FACTOR: 'allow',
  METRICS_PORT: '0',
};
let twilio: TwilioServer;
beforeAll(async () => {
  twilio = await startTwilioServer();
  Object.assign(settings, twilio.settings);
});
afterAll(() => twilio.stop());
const gateway = useGateway(settings);
beforeEach(async () => {
  await gateway.database.query('truncate sms_messages, sms_counters');
  twilio.accepted.length = 0;
});

async function people(count: number): Promise<Person[]> {
  const made: Person[] = [];
  for (let index = 0; index < count; index += 1) made.push(await gateway.person());
  return made;
}

async function pump(callers: readonly Person[], numbers: readonly string[]) {
  const queue = [...numbers];
  await Promise.all(
    callers.map(async (caller) => {
      for (let number = queue.pop(); number; number = queue.pop()) {
        const { value, error } = await outcomeOf(beginPhone(gateway, caller, number));
        if (value) expect(value.channel).toBe('SMS');
        // A busy machine: the request was rolled back and is repeated.
        else if (error && /^SERVICE_/.test(error.code)) queue.push(number);
        else throw new Error(`refused: ${error?.code}`);
      }
    }),
  );
}

async function counts() {
  const rows = await gateway.database.query<{ state: string; count: number }>(
    `select case when state = 'withheld' then state else 'admitted' end as state, count(*)::int as count
     from sms_messages group by 1`,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(gateway.metricsUrl ?? '')).text();
  return Number(new RegExp(`^${name} ([\\d.]+)$`, 'm').exec(text)?.[1]);
}

test('a thousand numbers of one prefix, from many callers at once, get no more messages than its budget', {
  timeout: 120_000,
}, async () => {
  const callers = await people(20);
  await pump(
    callers,
    Array.from({ length: 1000 }, () => newNumber('1511')),
  );
  expect(await counts()).toEqual({ admitted: 20, withheld: 980 });
  await until('the delivery', () => twilio.accepted.length === 20);
  expect(await metric('postern_sms_withheld_total{reason="prefix"}')).toBe(980);
});

test('many prefixes at once get no more messages than the budget of all', { timeout: 120_000 }, async () => {
  const callers = await people(10);
  const prefixes = ['1521', '1522', '1523', '1525', '1570', '1573', '1575', '1577'];
  await pump(
    callers,
    Array.from({ length: 120 }, (_, index) => newNumber(prefixes[index % prefixes.length])),
  );
  expect(await counts()).toEqual({ admitted: 60, withheld: 60 });
  expect(await metric('postern_sms_budget_used_ratio')).toBe(1);
});

test('over the budget a second step answers that the service is busy, until the window ends', async () => {
  const user = await enrol(gateway);
  const number = newNumber('1601');
  await addPhone(gateway, twilio, user.session, { number, factor: true });
  await gateway.database.query(`update sms_counters set count = 60 where key = 'total'`);
  const { ticket } = await challenge(gateway, user.email);
  const send = () => gateway.send(BeginMfaCodeDocument, { input: { ticket, method: 'SMS_CODE' } });
  const { code, extensions } = await refusal(send());
  const midnight = Math.ceil(gateway.clock.now().getTime() / 86_400_000) * 86_400_000;
  expect([code, extensions.retryAfter]).toEqual([
    'SERVICE_BUSY',
    Math.ceil((midnight - gateway.clock.now().getTime()) / 1000),
  ]);
});

test('a prefix whose codes are not entered is paused for a day, once and audited', { timeout: 60_000 }, async () => {
  const [caller] = await people(1);
  if (!caller) throw new Error('no caller');
  const sentAt = new Date(gateway.clock.now().getTime() - 16 * 60_000);
  const add = (count: number, verified: number) =>
    gateway.database.query(
      `insert into sms_messages (id, phone_hash, country, prefix, state, created_at, next_attempt_at, verified_at)
       select gen_random_uuid(), 'x', 'DE', 'DE1602', 'sent', $1, $1, case when n <= $3 then $1::timestamptz end
       from generate_series(1, $2) n`,
      [sentAt, count, verified],
    );
  await add(49, 14);
  const number = newNumber('1602');
  const { flow } = await beginPhone(gateway, caller, number);
  await confirmPhone(gateway, caller, { flow, code: await twilio.takeCode(number) });
  await add(1, 0);
  const before = await metric('postern_sms_prefix_paused_total');
  for (let message = 0; message < 3; message += 1) await beginPhone(gateway, caller, newNumber('1602'));
  expect(await counts()).toEqual({ admitted: 51, withheld: 3 });
  expect(await metric('postern_sms_prefix_paused_total')).toBe(before + 1);
  const entries = await gateway.database.query(
    `select details->>'prefix' as prefix from audit_entries where action = 'sms.prefix_paused'`,
  );
  expect(entries).toEqual([{ prefix: 'DE1602' }]);
  // Other prefixes are not paused, and the pause ends.
  await beginPhone(gateway, caller, newNumber('1603'));
  expect(await counts()).toEqual({ admitted: 52, withheld: 3 });
  gateway.clock.travel(24 * 60 * 60 + 1);
  await beginPhone(gateway, await gateway.person(), newNumber('1602'));
  expect(await counts()).toEqual({ admitted: 53, withheld: 3 });
});
