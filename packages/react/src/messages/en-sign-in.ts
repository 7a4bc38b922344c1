/** The English texts that all forms share, and those of the first step of a sign-in. */
import { englishErrors } from '@postern/client';

export const enSignIn = {
  /** The default for dates and numbers. */
  locale: 'en-GB',
  errors: englishErrors,
  time: {
    todayAt: (clock: string) => `today at ${clock}`,
    yesterdayAt: (clock: string) => `yesterday at ${clock}`,
    tomorrowAt: (clock: string) => `tomorrow at ${clock}`,
    on: (date: string) => `on ${date}`,
  },
  ui: {
    cancel: 'Cancel',
    close: 'Close',
    done: 'Done',
    tryAgain: 'Try again',
    loading: 'Loading',
    loadMore: 'Show more',
    required: 'Fill in this field.',
    showPassword: 'Show password',
    email: 'Email address',
    displayName: 'Name',
    password: 'Password',
    or: 'or',
  },
  signIn: {
    title: 'Sign in',
    submit: 'Sign in',
    rememberMe: 'Keep me signed in on this device',
    passkey: 'Sign in with a passkey',
    wrong: 'The email address or the password is wrong.',
    expired: 'This sign-in has expired. Sign in again.',
    passkeyRefused: 'No passkey was used. Try again, or choose another way.',
  },
};
