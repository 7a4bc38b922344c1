/** The English texts of `ProviderReturn`. */
export const english = {
  title: 'Signing you in',
  failed: 'The sign-in did not succeed.',
  notReturned: 'This page is part of a sign-in with a provider. Start again.',
  reasons: {
    CANCELLED: 'You cancelled the sign-in at the provider.',
    PROVIDER_REFUSED: 'The provider refused the sign-in.',
    PROVIDER_UNAVAILABLE: 'The provider cannot be reached. Try again later.',
    STATE_MISMATCH: 'The sign-in was started in another browser or too long ago. Start again.',
    EMAIL_MISSING: 'The provider did not say which email address is yours.',
    NOT_ALLOWED: 'This account at the provider may not sign in here.',
  },
};
