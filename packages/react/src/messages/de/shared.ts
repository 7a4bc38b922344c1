/** The German texts that several forms use. */
import { germanErrors } from '@postern/client';
import type { SharedMessages } from '../messages.ts';

export const german: SharedMessages = {
  locale: 'de',
  errors: germanErrors,
  time: {
    todayAt: (clock) => `heute um ${clock}`,
    yesterdayAt: (clock) => `gestern um ${clock}`,
    tomorrowAt: (clock) => `morgen um ${clock}`,
    on: (date) => `am ${date}`,
  },
  ui: {
    cancel: 'Abbrechen',
    close: 'Schließen',
    done: 'Fertig',
    tryAgain: 'Erneut versuchen',
    loading: 'Wird geladen',
    loadMore: 'Mehr anzeigen',
    showAll: 'Alles anzeigen',
    required: 'Diese Angabe fehlt.',
    showPassword: 'Passwort anzeigen',
    email: 'E-Mail-Adresse',
    displayName: 'Name',
    password: 'Passwort',
    or: 'oder',
    on: 'auf',
    needsLink: 'Diese Seite braucht den Link aus einer E-Mail.',
  },
};
