/** Do clients reach this gateway at PUBLIC_URL? */
import type { DoctorDeps } from './deps.ts';
import { type Finding, fail, problemsOr } from './finding.ts';

const day = 86_400;
const renewSeconds = 14 * day;

export async function checkPublicUrl(deps: DoctorDeps): Promise<Finding[]> {
  const problem = await livenessProblem(deps);
  if (problem) return [problem];
  const isSecure = deps.publicUrl.startsWith('https:');
  return problemsOr(
    [isSecure ? await certificateProblem(deps) : null, await keysProblem(deps)],
    `${deps.publicUrl} leads to this gateway`,
  );
}

async function livenessProblem(deps: DoctorDeps): Promise<Finding | null> {
  try {
    const answer = await deps.ask('/livez');
    if (answer.status === 200 && (await answer.text()) === 'ok\n') return null;
    return fail(
      `${deps.publicUrl}/livez answers ${answer.status} instead of the gateway's "ok"`,
      'make the proxy pass every path below PUBLIC_URL to the gateway, or correct PUBLIC_URL',
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error';
    const remedy = /CERT|SIGN|ALTNAME/.test(reason)
      ? 'install a certificate for the host of PUBLIC_URL that clients trust'
      : 'start the gateway and the proxy in front of it, or correct PUBLIC_URL';
    return fail(`${deps.publicUrl} does not answer: ${reason}`, remedy);
  }
}

async function certificateProblem({ certificateEnd }: DoctorDeps): Promise<Finding | null> {
  const end = await certificateEnd();
  if (end.getTime() - Date.now() > renewSeconds * 1000) return null;
  return fail(`the certificate ends on ${end.toISOString().slice(0, 10)}`, 'renew the certificate of PUBLIC_URL');
}

/** A key of the database that PUBLIC_URL does not publish: another gateway answers there. */
async function keysProblem(deps: DoctorDeps): Promise<Finding | null> {
  const answer = await deps.ask('/.well-known/jwks.json');
  const published = publishedKids(await answer.text());
  const { signingKeys } = await deps.database();
  const own = (await signingKeys.list()).filter(({ state }) => state !== 'retired');
  if (answer.ok && own.every(({ kid }) => published.includes(kid))) return null;
  return fail(
    `${deps.publicUrl} publishes other signing keys than this database has`,
    'correct PUBLIC_URL or DATABASE_URL: they belong to different gateways',
  );
}

function publishedKids(text: string): unknown[] {
  try {
    const { keys }: { keys: { kid: unknown }[] } = JSON.parse(text);
    return keys.map(({ kid }) => kid);
  } catch {
    return [];
  }
}
