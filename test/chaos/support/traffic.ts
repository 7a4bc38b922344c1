/** Requests of many clients at a steady pace, each recorded with its outcome. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MailServer } from '../../support/mail/mail-server.ts';
import { call } from './client.ts';
import { type Client, changer, holder, newcomer, visitor, type World } from './clients.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { type Resident, signInResidents } from './residents.ts';

export interface Attempt {
  client: number;
  operation: string;
  /** Milliseconds by `Date.now()`. */
  startedAt: number;
  endedAt: number;
  outcome: string;
}

export interface Traffic {
  ledger: Ledger;
  mail: MailServer;
  attempts: readonly Attempt[];
  /** The first clients: each holds one session to the end. */
  holders: number;
  /** Waits for the last answers. */
  stop(): Promise<void>;
}

const kinds = { holders: 36, visitors: 4, changers: 6, newcomers: 2 };
/** Consecutive multiples of the golden ratio are far apart: clients of one kind do not hash passwords together. */
const spread = 0.618;
/** Between two requests of one client. Passwords are rare: a hash costs as much processor time as fifty other requests. */
const periodsMs = { holder: 1500, others: 5000 };

/** 48 clients, about 25 requests a second. @param urls of gateways or of a load balancer; clients are spread over them */
export async function startTraffic(urls: readonly string[], mail: MailServer): Promise<Traffic> {
  const ledger = createLedger();
  const attempts: Attempt[] = [];
  const stopping = new AbortController();
  const urlOf = (client: number) => urls[client % urls.length] ?? '';
  const residents = await signInResidents(urlOf(0), mail, kinds.holders + kinds.visitors + kinds.changers);
  const worldOf = (client: number): World => ({
    ledger,
    mail,
    async ask(operation, document, variables, accessToken) {
      const startedAt = Date.now();
      const { outcome, data } = await call(urlOf(client), document, variables, accessToken);
      attempts.push({ client, operation, startedAt, endedAt: Date.now(), outcome });
      return data;
    },
  });
  const clients = createClients(residents, ledger, worldOf);
  const running = clients.map((client, place) => {
    const periodMs = place < kinds.holders ? periodsMs.holder : periodsMs.others;
    return repeat(client, { periodMs, phase: (place * spread) % 1 }, stopping.signal);
  });
  return {
    ledger,
    mail,
    attempts,
    holders: kinds.holders,
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

function createClients(residents: readonly Resident[], ledger: Ledger, worldOf: (client: number) => World): Client[] {
  const clients = residents.map(({ email, tokens }, place): Client => {
    const world = worldOf(place);
    if (place >= kinds.holders + kinds.visitors) return changer(world, email, tokens);
    if (place >= kinds.holders) return visitor(world, email);
    ledger.sessions.set(tokens.sessionId, tokens);
    return holder(world, tokens.sessionId);
  });
  for (let newest = 0; newest < kinds.newcomers; newest += 1) {
    clients.push(newcomer(worldOf(clients.length), `newcomer-${Date.now()}-${newest}`));
  }
  return clients;
}

/** @param phase the part of a period to wait first, so that clients do not send together */
async function repeat(
  client: Client,
  { periodMs, phase }: { periodMs: number; phase: number },
  signal: AbortSignal,
): Promise<void> {
  const pause = (ms: number) => sleep(Math.max(0, ms), undefined, { signal }).catch(() => undefined);
  await pause(phase * periodMs);
  while (!signal.aborted) {
    const begun = Date.now();
    await client();
    await pause(begun + periodMs - Date.now());
  }
}
