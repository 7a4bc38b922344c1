/** The part of the metadata (RFC 8414) about the endpoints of `/oauth`. */
import { assertionAlgorithms } from '../../domain/applications/authenticate-client.ts';

/** RFC 7591 2: how clients authenticate. */
const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];

export function oauthMetadata(issuer: string): Record<string, unknown> {
  return {
    token_endpoint: `${issuer}/oauth/token`,
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint: `${issuer}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint: `${issuer}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: [...methods, 'none'],
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  };
}
