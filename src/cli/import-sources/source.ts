/** The systems that users can be imported from. Each turns one user of its export into a row of the import. */
import type { ImportRow, RowProblem } from '../../domain/administration/import/row.ts';
import { fromAuth0 } from './auth0.ts';
import { fromBetterAuth } from './better-auth.ts';
import { fromCognito } from './cognito.ts';
import type { Members } from './fields.ts';
import { type FirebaseKey, fromFirebase } from './firebase.ts';
import { fromKeycloak } from './keycloak.ts';
import type { SourceName } from './names.ts';
import { fromPostern } from './postern.ts';
import { fromSupabase } from './supabase.ts';

export interface SourceContext {
  /** Of `--hash-config`; null without it. */
  firebaseKey: FirebaseKey | null;
}

/** @returns a problem where the user lacks what a row needs */
export type Source = (user: Members, context: SourceContext) => ImportRow | RowProblem;

export const sources = {
  postern: fromPostern,
  auth0: fromAuth0,
  firebase: fromFirebase,
  supabase: fromSupabase,
  keycloak: fromKeycloak,
  'better-auth': fromBetterAuth,
  cognito: fromCognito,
} as const satisfies Record<SourceName, Source>;
