/** The dependencies of reading the audit trail. */
import type { KeyRing } from '../../security/keys/key-ring.ts';
import type { Sealer } from '../../security/keys/sealing.ts';
import type { Unit } from '../transaction.ts';

export interface AuditDeps extends Unit {
  keyRing: KeyRing;
  sealer: Sealer;
}
