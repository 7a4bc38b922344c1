/** With RISK=act: the second step and the captcha that a risky sign-in needs, and the look-up of its password. */
import { expect, test } from 'vitest';
import { goodPassword, newAddress } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { RegisterDocument } from '../support/generated/graphql.ts';
import { addresses, writeLocationFiles } from '../support/location/places.ts';
import { auditTrail } from '../support/people/audit.ts';
import { settleIn, signInFrom, trySignInFrom } from '../support/people/sign-in-from.ts';

const hour = 60 * 60;
const gateway = useGateway({
  EMAIL_VERIFICATION: 'off',
  TRUSTED_PROXIES: '127.0.0.1',
  RATE_LIMIT_ALLOWLIST: '0.0.0.0/0,::/0',
  RISK: 'act',
  ...(await writeLocationFiles()),
});

async function settled() {
  const email = newAddress();
  await gateway.send(RegisterDocument, { input: { email, password: goodPassword } });
  const device = await settleIn(gateway, email);
  gateway.clock.travel(hour);
  return { email, device };
}

test('an account without a factor gets a code by mail as the second step, and the ticket keeps the assessment', async () => {
  const { email, device } = await settled();
  const { result } = await trySignInFrom(gateway, email, { ip: addresses.newYork });
  expect(result).toMatchObject({ __typename: 'MfaChallenge', methods: ['EMAIL_CODE'] });
  const [challenged] = (await auditTrail(gateway.database, 'mfa.challenged')).slice(-1);
  expect(challenged).toMatchObject({
    targetId: device.viewer.id,
    details: { country: 'US', risk: { level: 'HIGH', action: 'SECOND_STEP' } },
  });
  const [ticket] = await gateway.database.query<{ risk: unknown }>('select risk from mfa_tickets where user_id = $1', [
    device.viewer.id,
  ]);
  expect(ticket?.risk).toMatchObject({ action: 'SECOND_STEP' });
});

test('the same account signs in from its usual place without a second step', async () => {
  const { email, device } = await settled();
  await signInFrom(gateway, email, { deviceToken: device.deviceToken });
});
