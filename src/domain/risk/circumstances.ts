/** What is known about the circumstances of a sign-in. */
import type { RiskAssessment } from '../caller.ts';

export interface Location {
  /** ISO 3166-1 alpha-2. */
  country: string;
  city: string | null;
}

export interface Circumstances {
  /** Null: not assessed. */
  risk: RiskAssessment | null;
  /** Null: not known. */
  location: Location | null;
}
