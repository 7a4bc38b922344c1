/** Runs the background jobs: following the primary, sealing the audit trail, rotating due keys, reading changed location files, mailing about API keys, cleaning up. Every instance tries; one at a time works. */
import { recordPendingDenials } from '../domain/access/denials.ts';
import { sendExpiryMails } from '../domain/applications/expiry-mails.ts';
import { describeError, type Logger } from '../logger.ts';
import type { App } from './app.ts';

const measureReplicaEveryMs = 1_000;
const sealEveryMs = 5_000;
const measureClockEveryMs = 5_000;
const checkPrimaryEveryMs = 5_000;
const readLocationsEveryMs = 5_000;
const rotateEveryMs = 60_000;
const cleanUpEveryRounds = 10;
const mailEveryMs = 60_000;

/** @returns a function that stops the jobs after the rounds that are running */
export function startMaintenance(app: App): () => Promise<void> {
  const { auditSealing, databaseClock, failovers, replica, logger } = app;
  let rounds = 0;
  const jobs = [
    ...(replica ? [repeat(measureReplicaEveryMs, logger, () => replica.measure())] : []),
    repeat(measureClockEveryMs, logger, () => databaseClock.measure()),
    repeat(checkPrimaryEveryMs, logger, () => failovers.check()),
    repeat(sealEveryMs, logger, async () => {
      await auditSealing.seal();
    }),
    repeat(readLocationsEveryMs, logger, () => app.geo.refresh()),
    repeat(mailEveryMs, logger, () => sendExpiryMails(app.dependencies())),
    repeat(rotateEveryMs, logger, async () => {
      rounds += 1;
      await app.signingKeys.rotateWhenDue();
      await recordPendingDenials(app.dependencies());
      await app.writeKeyNotes();
      if (rounds % cleanUpEveryRounds === 1) await cleanUp(app);
    }),
  ];
  return async () => {
    await Promise.all(jobs.map((stop) => stop()));
  };
}

async function cleanUp({ cleanUpAlone, logger }: App): Promise<void> {
  const cleaned = await cleanUpAlone();
  if (cleaned) logger.info({ cleaned }, 'cleaned up');
}

/** Starts no round while the previous one is running. */
function repeat(everyMs: number, logger: Logger, work: () => Promise<void>): () => Promise<void> {
  let round: Promise<void> | null = null;
  const timer = setInterval(() => {
    round ??= work()
      .catch((error: unknown) => logger.warn(describeError(error), 'maintenance failed: retrying'))
      .finally(() => {
        round = null;
      });
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
