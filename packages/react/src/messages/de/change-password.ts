/** The German texts of `ChangePassword`. */
import type { Messages } from '../messages.ts';

export const german: Messages['changePassword'] = {
  title: 'Passwort',
  sub: 'Funktioniert auf jedem Gerät',
  none: 'Ihr Konto hat kein Passwort',
  change: 'Passwort ändern',
  set: 'Passwort wählen',
  current: 'Aktuelles Passwort',
  effect: 'Das Speichern beendet Ihre anderen Sitzungen.',
  submit: 'Neues Passwort speichern',
  notChanged: 'Das Passwort wurde nicht geändert.',
  wrong: 'Das aktuelle Passwort ist falsch.',
  done: (count) =>
    `Ihr neues Passwort ist gespeichert. ${count === 1 ? '1 andere Sitzung wurde beendet.' : `${count} andere Sitzungen wurden beendet.`}`,
};
