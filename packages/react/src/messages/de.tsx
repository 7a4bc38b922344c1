/** The German texts. */
import type { Messages } from './en.tsx';

export const de: Messages = {
  locale: 'de',
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
    required: 'Diese Angabe fehlt.',
    showPassword: 'Passwort anzeigen',
    copy: (what) => (what === '' ? 'Kopieren' : `${what} kopieren`),
    copyIt: 'Kopieren',
    copyAll: 'Alle kopieren',
    copied: 'Kopiert',
    download: 'Herunterladen',
    saveFirst: 'Bestätigen Sie zuerst, dass Sie es gespeichert haben.',
    notSaved: 'Das ist noch nicht gespeichert.',
    leaveAnyway: 'Es kann nicht noch einmal angezeigt werden. Schließen Sie erneut, um es zu verlassen.',
    reason: 'Grund',
    reasonOptional: 'Grund (freiwillig)',
    reasonHint: 'Wird mit Ihrem Namen im Audit-Protokoll gespeichert.',
  },
};
