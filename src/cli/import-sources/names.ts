/** The names of the systems that users can be imported from. */
export const sourceNames = ['postern', 'auth0', 'firebase', 'supabase', 'keycloak', 'better-auth', 'cognito'] as const;
export type SourceName = (typeof sourceNames)[number];

/** Also the namespaces of the mutation `importUsers` and of the hook `importUser`. */
export const originNames = [...sourceNames, 'api', 'hook'] as const;
export type OriginName = (typeof originNames)[number];
