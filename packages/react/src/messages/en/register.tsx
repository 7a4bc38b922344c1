/** The English texts of `Register`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Create an account',
  submit: 'Create account',
  notCreated: 'The account was not created.',
  sentTitle: 'Look into your mail',
  sentLead: (email: ReactNode) => <>We have sent a mail to {email}. Follow the link in it to finish.</>,
  sentHint: 'No mail? Look into the spam folder, or send it again.',
  resend: 'Send again',
  resendIn: (seconds: number) => `You can send it again in ${seconds} s.`,
  resent: 'The mail is on its way again.',
  activeTitle: 'Your account is ready',
  activeLead: 'Sign in with your password.',
};
