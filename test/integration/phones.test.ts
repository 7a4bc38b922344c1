/** Phones: verification with a code by text message, one owner for a number, and what is sent when. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { refusal } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { ExportMyDataDocument } from '../support/generated/graphql.ts';
import { otherCode } from '../support/people/mail-codes.ts';
import { addPhone, beginPhone, confirmPhone, newNumber, phonesOf, removePhone } from '../support/people/phones.ts';
import { atOnce, codesOf, valuesOf } from '../support/races/at-once.ts';
import { until } from '../support/races/until.ts';
import { startTwilioServer, type TwilioServer } from '../support/servers/twilio-server.ts';

const settings: Record<string, string> = {
  RATE_LIMIT_ALLOWLIST: '127.0.0.0/8',
  SMS_BUDGET: '1000/1d',
  SMS_BUDGET_PER_PREFIX: '1000/1h',
};
const limitedSettings: Record<string, string> = { ...settings, RATE_LIMITS: 'beginPhoneVerification=2/1d' };
let twilio: TwilioServer;
beforeAll(async () => {
  twilio = await startTwilioServer();
  for (const each of [settings, limitedSettings]) Object.assign(each, twilio.settings);
});
afterAll(() => twilio.stop());
const gateway = useGateway(settings);
const limited = useGateway(limitedSettings, gateway);
const without = useGateway({}, gateway);
beforeEach(() => {
  twilio.mood = 'well';
  twilio.accepted.length = 0;
  twilio.requests = 0;
});

const codeOf = (call: Promise<unknown>) => refusal(call).then(({ code }) => code);
const messagesWhere = (condition: string) =>
  gateway.database.query<{ state: string; lastError: string | null; attempts: number }>(
    `select state, last_error as "lastError", attempts from sms_messages where ${condition} order by id desc`,
  );
const newest = async () => (await messagesWhere('true'))[0];
const untilState = (state: string) =>
  until(`a message that is ${state}`, async () => (await newest())?.state === state);

describe('a phone', () => {
  test('is verified with the code of its message, and its owner gets a mail', async () => {
    const ada = await gateway.person();
    const number = newNumber();
    const flow = await beginPhone(gateway, ada, `${number.slice(0, 3)} ${number.slice(3)}`);
    expect(flow).toMatchObject({ channel: 'SMS', maskedTarget: `+49•••••••••${number.slice(-2)}`, resendAfter: 60 });
    const code = await twilio.takeCode(number);
    expect(await phonesOf(gateway, ada)).toEqual([]);
    const phone = await confirmPhone(gateway, ada, { flow: flow.flow, code: `${code.slice(0, 4)} ${code.slice(4)}` });
    expect(phone).toMatchObject({ maskedNumber: flow.maskedTarget, country: 'DE', factor: false });
    expect(await phonesOf(gateway, ada)).toEqual([phone]);
    const mail = await gateway.mail.take(ada.email, 'A phone was added');
    expect(mail.text).toContain(flow.maskedTarget);
    expect(mail.text).not.toContain(number);
    expect(mail.text).toContain('/not-me#token=');
  });

  test('is removed by its owner only, and a mail says so', async () => {
    const ada = await gateway.person();
    const bob = await gateway.person();
    const { id } = await addPhone(gateway, twilio, ada);
    expect(await codeOf(removePhone(gateway, bob, id))).toBe('NOT_FOUND');
    await removePhone(gateway, ada, id);
    expect(await phonesOf(gateway, ada)).toEqual([]);
    await gateway.mail.take(ada.email, 'A phone was removed');
    expect(await codeOf(removePhone(gateway, ada, id))).toBe('NOT_FOUND');
  });

  test('is begun so often a day by one user, from whatever network', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    for (let begun = 0; begun < 2; begun += 1) await beginPhone(limited, ada, newNumber());
    expect(await codeOf(beginPhone(limited, await ada.signIn(), newNumber()))).toBe('RATE_LIMITED');
    await beginPhone(limited, bob, newNumber());
  });

  test('needs a recent authentication', async () => {
    const ada = await gateway.person();
    gateway.clock.travel(11 * 60);
    expect(await codeOf(beginPhone(gateway, ada, newNumber()))).toBe('REAUTHENTICATION_REQUIRED');
  });

  test('is one of three at most, also when several are confirmed at once', async () => {
    const ada = await gateway.person();
    const begun: { flow: string; code: string }[] = [];
    while (begun.length < 5) {
      const number = newNumber();
      const { flow } = await beginPhone(gateway, ada, number);
      begun.push({ flow, code: await twilio.takeCode(number) });
    }
    const outcomes = await atOnce(5, (index) => confirmPhone(gateway, ada, begun[index] ?? { flow: '', code: '' }));
    expect(valuesOf(outcomes)).toHaveLength(3);
    expect(codesOf(outcomes)).toEqual({ CONFLICT: 2 });
    expect(await codeOf(beginPhone(gateway, ada, newNumber()))).toBe('CONFLICT');
  });

  test.each([
    ['0151 23456789', 'MALFORMED_NUMBER'],
    ['+1 876 456 1234', 'COUNTRY'],
    ['+49 900 1234567', 'NUMBER_TYPE'],
  ])('%s is refused: %s', async (number, code) => {
    const ada = await gateway.person();
    const { extensions } = await refusal(beginPhone(gateway, ada, number));
    expect(extensions).toMatchObject({ code: 'BAD_USER_INPUT', fields: [{ path: 'input.number', code }] });
    expect(await phonesOf(gateway, ada)).toEqual([]);
  });

  test('is not available without a provider of messages', async () => {
    const ada = await without.person();
    const { code, extensions } = await refusal(beginPhone(without, ada, newNumber()));
    expect([code, extensions.reason]).toEqual(['FORBIDDEN', 'METHOD_DISABLED']);
  });
});

describe('a code', () => {
  test('is accepted in the session that asked for it, once', async () => {
    const ada = await gateway.person();
    const number = newNumber();
    const { flow } = await beginPhone(gateway, ada, number);
    const code = await twilio.takeCode(number);
    expect(await codeOf(confirmPhone(gateway, await ada.signIn(), { flow, code }))).toBe('INVALID_TOKEN');
    expect(await codeOf(confirmPhone(gateway, await gateway.person(), { flow, code }))).toBe('INVALID_TOKEN');
    const outcomes = await atOnce(5, () => confirmPhone(gateway, ada, { flow, code }));
    expect(valuesOf(outcomes)).toHaveLength(1);
    expect(codesOf(outcomes)).toEqual({ INVALID_TOKEN: 4 });
  });

  test('of one number does not verify another one', async () => {
    const ada = await gateway.person();
    const [first, second] = [newNumber(), newNumber()];
    const one = await beginPhone(gateway, ada, first);
    const other = await beginPhone(gateway, ada, second);
    const code = await twilio.takeCode(first);
    expect(await codeOf(confirmPhone(gateway, ada, { flow: other.flow, code }))).toBe('INVALID_MFA_CODE');
    await expect(confirmPhone(gateway, ada, { flow: one.flow, code })).resolves.toBeDefined();
  });

  test('is compared five times at most, also of a hundred guesses at once', { timeout: 60_000 }, async () => {
    const ada = await gateway.person();
    const number = newNumber();
    const { flow } = await beginPhone(gateway, ada, number);
    const code = await twilio.takeCode(number);
    const outcomes = await atOnce(100, () => confirmPhone(gateway, ada, { flow, code: otherCode(code) }));
    expect(codesOf(outcomes).INVALID_MFA_CODE).toBe(5);
    expect(await codeOf(confirmPhone(gateway, ada, { flow, code }))).toBe('INVALID_TOKEN');
  });

  test('expires after ten minutes', async () => {
    const ada = await gateway.person();
    const number = newNumber();
    const { flow } = await beginPhone(gateway, ada, number);
    const code = await twilio.takeCode(number);
    gateway.clock.travel(10 * 60);
    expect(await codeOf(confirmPhone(gateway, await ada.signIn(), { flow, code }))).toBe('INVALID_TOKEN');
    expect(await codeOf(confirmPhone(gateway, ada, { flow, code }))).toMatch(/INVALID_TOKEN|REAUTHENTICATION_REQUIRED/);
  });
});

describe('the number of another account', () => {
  test('is answered as accepted, gets no message, and stays with its owner', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    const number = newNumber();
    const phone = await addPhone(gateway, twilio, ada, { number });
    await until('the message of Ada', async () => (await newest())?.state === 'sent');
    const requests = twilio.requests;
    const flow = await beginPhone(gateway, bob, number);
    expect(flow).toMatchObject({ channel: 'SMS', maskedTarget: phone.maskedNumber, resendAfter: 60 });
    expect((await newest())?.state).toBe('withheld');
    expect(await codeOf(confirmPhone(gateway, bob, { flow: flow.flow, code: '12345678' }))).toBe('INVALID_MFA_CODE');
    expect(twilio.requests).toBe(requests);
    expect(await phonesOf(gateway, ada)).toEqual([phone]);
    expect(await phonesOf(gateway, bob)).toEqual([]);
  });

  test('is not told by the entries that its caller reads', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    const number = newNumber();
    await addPhone(gateway, twilio, ada, { number });
    const detailsOf = async (asked: string) => {
      await beginPhone(gateway, bob, asked);
      const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, bob.accessToken);
      const { events }: { events: { action: string; details: unknown }[] } = JSON.parse(
        JSON.stringify(exportMyData.data),
      );
      return events.find(({ action }) => /^(code|sms|phone)\./.test(action));
    };
    const [taken, free] = [await detailsOf(number), await detailsOf(newNumber())];
    expect(taken?.action).toBe('code.requested');
    expect([taken?.action, taken?.details]).toEqual([free?.action, free?.details]);
  });

  test('is free once its owner has removed it', async () => {
    const [ada, bob] = [await gateway.person(), await gateway.person()];
    const number = newNumber();
    const { id } = await addPhone(gateway, twilio, ada, { number });
    await removePhone(gateway, ada, id);
    await expect(addPhone(gateway, twilio, bob, { number })).resolves.toBeDefined();
  });

  test('goes to one of two accounts that confirm it at once', async () => {
    const people = [await gateway.person(), await gateway.person()];
    const number = newNumber();
    const begun: { flow: string; code: string }[] = [];
    for (const person of people) {
      const { flow } = await beginPhone(gateway, person, number);
      begun.push({ flow, code: await twilio.takeCode(number) });
    }
    const outcomes = await atOnce(2, (index) =>
      confirmPhone(gateway, people[index] ?? { accessToken: '' }, begun[index] ?? { flow: '', code: '' }),
    );
    expect(valuesOf(outcomes)).toHaveLength(1);
    expect(codesOf(outcomes)).toEqual({ CONFLICT: 1 });
  });
});

describe('the delivery', () => {
  test.each([21211, 21610] as const)('of a message that Twilio refuses with %s ends at once', async (mood) => {
    twilio.mood = mood;
    await beginPhone(gateway, await gateway.person(), newNumber());
    await untilState('dead');
    expect(await newest()).toEqual({ state: 'dead', lastError: `400 ${mood}`, attempts: 1 });
    expect(twilio.requests).toBe(1);
  });

  test.each([
    [20429, '429 20429'],
    ['failing', '503 20503'],
  ] as const)('is tried once more within a minute after %s', async (mood, error) => {
    twilio.mood = mood;
    const number = newNumber();
    await beginPhone(gateway, await gateway.person(), number);
    await until('a failed attempt', async () => (await newest())?.lastError === error);
    expect(await newest()).toMatchObject({ state: 'pending', attempts: 1 });
    twilio.mood = 'well';
    gateway.clock.travel(20);
    expect(await twilio.takeCode(number)).toMatch(/^\d{8}$/);
    await untilState('sent');
    expect(twilio.requests).toBe(2);
  });

  test('ends after the second failure', async () => {
    twilio.mood = 'failing';
    await beginPhone(gateway, await gateway.person(), newNumber());
    await until('a failed attempt', async () => (await newest())?.lastError === '503 20503');
    gateway.clock.travel(20);
    await untilState('dead');
    expect(twilio.requests).toBe(2);
  });

  test('is not repeated when Twilio accepted the message and did not answer', { timeout: 30_000 }, async () => {
    twilio.mood = 'silent';
    const ada = await gateway.person();
    const number = newNumber();
    const { flow } = await beginPhone(gateway, ada, number);
    const code = await twilio.takeCode(number);
    await untilState('dead');
    gateway.clock.travel(20);
    await new Promise((resolve) => setImmediate(resolve));
    expect(twilio.requests).toBe(1);
    await expect(confirmPhone(gateway, ada, { flow, code })).resolves.toBeDefined();
  });
});

test('no code and no number is stored in clear, logged or audited', async () => {
  const ada = await gateway.person();
  const number = newNumber();
  twilio.mood = 21211;
  await beginPhone(gateway, ada, number);
  await untilState('dead');
  twilio.mood = 'well';
  const { flow } = await beginPhone(gateway, ada, number);
  const code = await twilio.takeCode(number);
  await confirmPhone(gateway, ada, { flow, code });
  await untilState('sent');
  const rows = await gateway.database.query<{ text: string }>(
    `select row_to_json(t)::text as text from phones t union all select row_to_json(t)::text from sms_messages t
     union all select row_to_json(t)::text from code_flows t union all select row_to_json(t)::text from sms_counters t
     union all select row_to_json(t)::text from audit_entries t union all select row_to_json(t)::text from outbox_mails t`,
  );
  const secrets = [number, number.slice(1), number.slice(3), code, flow];
  for (const stored of [...rows.map(({ text }) => text), ...gateway.logs])
    for (const secret of secrets) {
      expect(stored).not.toContain(secret);
      expect(stored).not.toContain(Buffer.from(secret).toString('hex'));
    }
});

test('the export of the owner has the number and the messages to it', async () => {
  const ada = await gateway.person();
  const number = newNumber();
  const { id } = await addPhone(gateway, twilio, ada, { number });
  await untilState('sent');
  const { exportMyData } = await gateway.send(ExportMyDataDocument, { input: {} }, ada.accessToken);
  expect(exportMyData.data.phones).toEqual([expect.objectContaining({ id, number, country: 'DE', factor: false })]);
  expect(exportMyData.data.textMessages).toEqual([
    expect.objectContaining({ country: 'DE', state: 'sent', verifiedAt: expect.any(String) }),
  ]);
});
