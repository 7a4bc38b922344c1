/** The English texts of `FinishSignUp`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Create your account',
  lead: (email: ReactNode) => <>The provider has confirmed {email}.</>,
  leadWithoutEmail: 'The provider did not share a confirmed address. We send you a link to confirm it.',
  submit: 'Create account',
  startAgain: 'Use another account',
};
