/** The gateway of a suite: it starts before the first test and stops after the last one. */
import { afterAll, beforeAll } from 'vitest';
import { createPerson, type Person } from '../people/person.ts';
import { startTestGateway, type TestGateway } from './gateway.ts';

export interface SuiteGateway extends TestGateway {
  /** Creates an active user and signs in. */
  person(): Promise<Person>;
}

/**
 * Call it at the top level of a file or of a `describe`. Read the result in hooks and tests only: the gateway has no
 * address before.
 * @param settings settings that differ from the usual ones of the tests
 * @param first the gateway whose database, mail server and clock this one shares
 */
export function useGateway(settings: Record<string, string> = {}, first?: TestGateway): SuiteGateway {
  let started: TestGateway | undefined;
  beforeAll(async () => {
    started = await startTestGateway(settings, first);
  });
  afterAll(() => started?.stop());

  function running(): TestGateway {
    if (!started) throw new Error('The gateway has not started. Read it in a hook or a test, after useGateway().');
    return started;
  }
  const gateway: SuiteGateway = {
    get url() {
      return running().url;
    },
    get metricsUrl() {
      return running().metricsUrl;
    },
    get clock() {
      return running().clock;
    },
    get database() {
      return running().database;
    },
    get mail() {
      return running().mail;
    },
    get logs() {
      return running().logs;
    },
    send: (...sent) => running().send(...sent),
    post: (...sent) => running().post(...sent),
    end: () => running().end(),
    stop: () => running().stop(),
    person: () => createPerson(gateway),
  };
  return gateway;
}
