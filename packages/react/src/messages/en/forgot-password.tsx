/** The English texts of `ForgotPassword`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Forgot your password?',
  lead: 'We mail you a link to choose a new one.',
  submit: 'Send link',
  sentTitle: 'Look into your mail',
  sent: (email: ReactNode) => <>If an account exists for {email}, a mail is on its way.</>,
};
