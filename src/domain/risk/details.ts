/** What audit entries say about a sign-in: its assessment and its country. A city would be too exact for the trail. */
import type { AuditDetails } from '../audit/actions.ts';
import type { RiskAssessment } from '../caller.ts';
import type { Place } from '../place.ts';

type RiskDetails = Pick<AuditDetails['session.started'], 'risk' | 'country'>;

export function riskDetails(risk: RiskAssessment | null, place: Place | null): RiskDetails {
  return { ...(risk && { risk }), ...(place?.country && { country: place.country }) };
}
