/** The English texts that several forms use. */
import { englishErrors } from '@postern/client';

export const english = {
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
    showAll: 'Show all',
    required: 'Fill in this field.',
    showPassword: 'Show password',
    email: 'Email address',
    displayName: 'Name',
    password: 'Password',
    or: 'or',
    /** Between a browser and a system: `Firefox on Windows`. */
    on: 'on',
    needsLink: 'This page needs the link of a mail.',
  },
};
