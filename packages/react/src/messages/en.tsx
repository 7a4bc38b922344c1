/** The English texts. Sentences take their parts as arguments, so that a language can order them. */

export const en = {
  /** The default for dates, numbers and error messages. */
  locale: 'en',
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
    required: 'Fill in this field.',
    showPassword: 'Show password',
    copy: (what: string) => (what === '' ? 'Copy' : `Copy ${what}`),
    copyIt: 'Copy',
    copyAll: 'Copy all',
    copied: 'Copied',
    download: 'Download',
    saveFirst: 'First confirm that you have saved it.',
    notSaved: 'This is not saved yet.',
    leaveAnyway: 'It cannot be shown again. Close once more to leave it.',
    reason: 'Reason',
    reasonOptional: 'Reason (optional)',
    reasonHint: 'Stored in the audit trail with your name.',
  },
};

export type Messages = typeof en;
