/** The English texts of `LinkAccount`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Link your account?',
  lead: (email: ReactNode) => (
    <>An account with the address {email} exists. Prove once that it is yours; then both ways sign you in.</>
  ),
  submit: 'Link and sign in',
  usePasskey: 'Link with a passkey',
  noProof: 'Sign in to this account in another way first. Then link the provider under “Linked sign-ins”.',
  wrong: 'The password is wrong.',
  startAgain: 'Use another account',
};
