/** Invites a user as `postern users create` does, through the same domain service. */

import { createApp } from '../../../src/app/app.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createUserAsOperator } from '../../../src/domain/administration/create-user-as-operator.ts';
import { type TestGateway, testSecret } from '../gateway/gateway.ts';

/** @returns the token of the invitation's link */
export async function invite(gateway: TestGateway, email: string, role = 'USER'): Promise<string> {
  const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: gateway.database.url, SECRET: testSecret });
  const app = await createApp(config, { clock: gateway.clock });
  try {
    const { token } = await createUserAsOperator(app.dependencies(), { email, role, password: null });
    if (token === null) throw new Error('the invitation has no token');
    return token;
  } finally {
    await app.close();
  }
}
