/** The German texts of `Activity`. */
import type { Messages } from '../messages.ts';

export const german: Messages['activity'] = {
  title: 'Aktivität',
  lead: 'Was mit Ihrem Konto geschah, das Neueste zuerst.',
  empty: 'Noch keine Ereignisse.',
  older: 'Ältere Einträge anzeigen',
  notMe: 'Das war ich nicht',
  notMeTitle: 'Diese Sitzung beenden?',
  notMeLead: 'Das Gerät wird sofort abgemeldet. Ändern Sie danach Ihr Passwort.',
  notMeAction: 'Sitzung beenden',
  ended: 'Die Sitzung ist beendet.',
  endedNext: 'Ändern Sie jetzt Ihr Passwort.',
};
