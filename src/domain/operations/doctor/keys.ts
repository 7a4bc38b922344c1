/** Are the signing keys rotated, and does SECRET open what is sealed in the database? */
import { findSealedSamples, type SealedSample } from '../../../persistence/operations/sealed-samples.ts';
import type { Sealer } from '../../../security/keys/sealing.ts';
import type { DoctorDatabase, DoctorDeps } from './deps.ts';
import { type Finding, fail, problemsOr, warn } from './finding.ts';

/** A gateway rotates within a minute, and a new next key waits for ten. */
const overdueSeconds = 3600;

export async function checkKeys(deps: DoctorDeps): Promise<Finding[]> {
  const database = await deps.database();
  const samples = await findSealedSamples(database.fork());
  const sealed = [...Map.groupBy(samples, ({ kind }) => kind)].map(([kind, values]) =>
    sealedProblem(database.sealer, kind, values),
  );
  return problemsOr(
    [await rotationProblem(database), ...sealed],
    `rotated in time; SECRET opens ${samples.length} sealed values`,
  );
}

async function rotationProblem({ signingKeys, clock, rotationSeconds }: DoctorDatabase): Promise<Finding | null> {
  const active = (await signingKeys.list()).find(({ state }) => state === 'active');
  if (!active) return warn('the database has no signing key yet', 'start a gateway, which creates it');
  const age = (clock.now().getTime() - (active.activatedAt ?? active.createdAt).getTime()) / 1000;
  const late = age - rotationSeconds;
  if (late <= overdueSeconds) return null;
  return fail(
    `the rotation of the signing key is overdue by ${Math.floor(late / 3600)} hours`,
    'start a gateway, which rotates it, or run "postern keys rotate"',
  );
}

function sealedProblem(sealer: Sealer, kind: string, samples: readonly SealedSample[]): Finding | null {
  const unopened = samples.filter(({ sealed, boundTo }) => !opens(sealer, sealed, boundTo)).length;
  if (unopened === 0) return null;
  return fail(
    `SECRET does not open ${unopened} of ${samples.length} ${kind}`,
    'set SECRET_PREVIOUS to the secret that sealed them, and SECRET to the present one',
  );
}

function opens(sealer: Sealer, sealed: Uint8Array, boundTo: string): boolean {
  try {
    sealer.unseal(sealed, boundTo);
    return true;
  } catch {
    return false;
  }
}
