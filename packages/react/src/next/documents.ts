/** The documents that the Next.js server sends by itself. A test holds them equal to those of `@postern/client`, so that both are trusted together. */

export const refreshDocument = `mutation Refresh($input: RefreshInput!) {
  refresh(input: $input) {
    ...Tokens
  }
}

fragment Tokens on AuthSession {
  accessToken
  expiresIn
  refreshToken
  csrfToken
  deviceToken
  session {
    id
  }
}`;

export const logoutDocument = `mutation Logout($input: LogoutInput!) {
  logout(input: $input) {
    revoked
  }
}`;
