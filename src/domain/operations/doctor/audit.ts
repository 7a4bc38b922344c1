/** Is the audit trail sealed in time, and is its end whole? */
import { readSealingLag } from '../../../persistence/audit/audit-chain.ts';
import { checkIntegrity } from '../../audit/integrity.ts';
import { readOwnKeyring } from '../../audit/keys.ts';
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, plural, problemsOr } from './finding.ts';

/** The server seals every five seconds. */
const maxLagSeconds = 300;
const newest = 1000;

export async function checkAudit(deps: DoctorDeps): Promise<Finding[]> {
  const { fork, clock, sealer } = await deps.database();
  const em = fork();
  const { waiting, oldest } = await readSealingLag(em);
  const lagSeconds = oldest ? (clock.now().getTime() - oldest.getTime()) / 1000 : 0;
  const { problem, checked } = await checkIntegrity(em, { keyring: await readOwnKeyring(em, sealer), newest });
  return problemsOr(
    [
      lagSeconds > maxLagSeconds
        ? fail(
            `${plural(waiting, 'entry is', 'entries are')} not sealed, the oldest for ${Math.floor(lagSeconds / 60)} minutes`,
            'start a gateway, which seals them, or end the oldest transaction of the server (docs/audit.md, "Sealing")',
          )
        : null,
      problem && fail(problem.message, 'run "postern audit verify", and see docs/audit.md'),
    ],
    `the newest ${plural(checked, 'entry is', 'entries are')} whole, ${plural(waiting, 'waits', 'wait')} for their seal`,
  );
}
