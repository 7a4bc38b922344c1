/** The names of the systems that users can be imported from. */
export const sourceNames = ['postern', 'auth0', 'firebase', 'supabase', 'keycloak', 'better-auth', 'cognito'] as const;
export type SourceName = (typeof sourceNames)[number];
