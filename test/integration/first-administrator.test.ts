/** The invitation that a new development gateway prints. */
import { expect, test } from 'vitest';
import { createApp } from '../../src/app/app.ts';
import { readConfig } from '../../src/config/config.ts';
import { inviteFirstAdministrator } from '../../src/domain/administration/first-administrator.ts';
import { createLogger } from '../../src/logger.ts';
import { goodPassword, refusal, signIn, testSecret } from '../support/gateway/gateway.ts';
import { useGateway } from '../support/gateway/use-gateway.ts';
import { FullViewerDocument, ResetPasswordDocument } from '../support/generated/graphql.ts';

const gateway = useGateway();

async function invite(): Promise<string | null> {
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
  const app = await createApp(config, { clock: gateway.clock, logger: createLogger('silent') });
  try {
    return (await inviteFirstAdministrator(app.dependencies()))?.token ?? null;
  } finally {
    await app.close();
  }
}

const accept = (token: string | null) =>
  gateway.send(ResetPasswordDocument, { input: { token: token ?? '', newPassword: goodPassword } });

test('the newest link makes the first administrator, and afterwards there is none', async () => {
  const earlier = await invite();
  const newest = await invite();
  expect((await refusal(accept(earlier))).code).toBe('INVALID_TOKEN');
  await accept(newest);
  const { accessToken } = await signIn(gateway, 'admin@example.com');
  const { viewer } = await gateway.send(FullViewerDocument, {}, accessToken);
  expect(viewer?.role.name).toBe('SUPER_ADMIN');
  expect(await invite()).toBeNull();
  const actions = await gateway.database.query<{ action: string }>(
    "select action from audit_entries where action in ('user.created', 'user.link_sent') order by occurred_at",
    [],
  );
  expect(actions.map(({ action }) => action)).toEqual(['user.created', 'user.link_sent']);
});
