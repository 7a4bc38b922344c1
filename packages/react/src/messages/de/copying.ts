/** The German texts of copy buttons and of values that are shown once. */
import type { Messages } from '../messages.ts';

export const german: Messages['copying'] = {
  copy: (what) => (what === '' ? 'Kopieren' : `${what} kopieren`),
  copyIt: 'Kopieren',
  copyAll: 'Alle kopieren',
  copied: 'Kopiert',
  download: 'Herunterladen',
  saveFirst: 'Bestätigen Sie zuerst, dass Sie es gesichert haben.',
  notSaved: 'Das ist noch nicht gesichert.',
  leaveAnyway: 'Es kann nicht noch einmal angezeigt werden. Schließen Sie erneut, um es zu verlassen.',
};
