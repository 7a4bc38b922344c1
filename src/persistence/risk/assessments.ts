/** Counts the assessments in the audit trail. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { firstIdOf } from '../id-times.ts';

/** The newest assessments of a period are counted, up to this number: the trail may have millions. */
export const maxAssessments = 20_000;

export interface RiskCount {
  key: string;
  count: number;
}

export interface RiskCounts {
  assessments: number;
  bySignal: RiskCount[];
  byAction: RiskCount[];
  byCountry: RiskCount[];
}

type Kind = 'all' | 'signal' | 'action' | 'country';

const maxCountries = 100;

const newest = (action: string) => `
  (select id, action, details from audit_entries where action = '${action}' and id >= :first order by id desc limit ${maxAssessments})`;

/**
 * A sign-in with a second step was assessed in its first step: its session, with several methods, is not counted again.
 */
const assessed = `
  select details->'risk' as risk, details->>'country' as country from (
    ${newest('session.started')} union all ${newest('mfa.challenged')} union all ${newest('login.refused')}) e
  where details->'risk' is not null and not (action = 'session.started' and jsonb_array_length(details->'methods') > 1)
  order by id desc limit ${maxAssessments}`;

export async function countAssessments(em: EntityManager, since: Date): Promise<RiskCounts> {
  const rows = await em.execute<(RiskCount & { kind: Kind })[]>(
    `with assessed as materialized (${assessed})
     select 'all' as kind, '' as key, count(*)::int as count from assessed
     union all
     select 'signal', signal, count(*)::int from assessed, jsonb_array_elements_text(risk->'signals') signal group by signal
     union all
     select 'action', risk->>'action', count(*)::int from assessed group by risk->>'action'
     union all
     (select 'country', country, count(*)::int from assessed where country is not null
      group by country order by 3 desc, 2 limit ${maxCountries})`,
    { first: firstIdOf(since) },
  );
  const of = (kind: Kind) =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ key, count }) => ({ key, count }))
      .sort((one, other) => other.count - one.count || one.key.localeCompare(other.key));
  const [all] = of('all');
  return { assessments: all?.count ?? 0, bySignal: of('signal'), byAction: of('action'), byCountry: of('country') };
}
