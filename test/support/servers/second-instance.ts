/** A second gateway with the database and clock of a first, as behind a load balancer. */
import { startGateway } from '../../../src/app/server.ts';
import { readConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/logger.ts';
import { type TestGateway, testSecret } from '../gateway/gateway.ts';

export interface SecondInstance {
  url: string;
  stop(): Promise<void>;
}

/** @param environment settings that differ from the usual ones of the tests; give both gateways the same */
export async function startSecondInstance(
  first: TestGateway,
  environment: Record<string, string> = {},
): Promise<SecondInstance> {
  const config = readConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    PUBLIC_URL: 'https://auth.example.com',
    APP_URL: 'https://app.example.com',
    DATABASE_URL: first.database.url,
    SMTP_URL: first.mail.url,
    MAIL_FROM: 'Postern <no-reply@auth.example.com>',
    SECRET: testSecret,
    ARGON2_MEMORY_KIB: '7168',
    ARGON2_PASSES: '1',
    ...environment,
  });
  return startGateway(config, { clock: first.clock, logger: createLogger('warn', { write: () => undefined }) });
}
