/** Does the work behind requests keep up? */
import { mailQueue, readQueueProblems } from '../../../persistence/mail/outbox.ts';
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, ok } from './finding.ts';

const maxWaitSeconds = 600;

export async function checkQueues(deps: DoctorDeps): Promise<Finding[]> {
  const { fork, clock } = await deps.database();
  const { oldestWaitingSeconds, pending } = await mailQueue(fork(), clock.now());
  if (oldestWaitingSeconds === null || oldestWaitingSeconds <= maxWaitSeconds) return [ok(`${pending} mails wait`)];
  const { lastError } = await readQueueProblems(fork(), clock.now());
  return [
    fail(
      `the oldest mail waits for ${Math.floor(oldestWaitingSeconds / 60)} minutes${lastError ? ` (${lastError})` : ''}`,
      lastError ? 'see "smtp", or correct the mail server' : 'start a gateway, which sends them, or see its log',
    ),
  ];
}
