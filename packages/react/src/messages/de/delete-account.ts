/** The German texts of `DeleteAccount`. */
import type { Messages } from '../messages.ts';

export const german: Messages['deleteAccount'] = {
  title: 'Konto löschen',
  lead: 'Alle Sitzungen enden sofort. Die Daten werden einige Tage später gelöscht.',
  open: 'Konto löschen',
  question: 'Ihr Konto löschen?',
  effects:
    'Sie werden überall abgemeldet. Bis die Daten gelöscht sind, kann ein Administrator das Konto wiederherstellen.',
  password: 'Passwort',
  submit: 'Konto löschen',
  wrong: 'Das Passwort ist falsch.',
};
