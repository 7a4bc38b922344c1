/** The German texts of `NotMe`. */
import type { Messages } from '../messages.ts';

export const german: Messages['notMe'] = {
  title: 'Das waren nicht Sie?',
  lead: 'Wir beenden die Sitzung hinter dieser E-Mail, nehmen zurück, was seit ihrem Beginn geändert wurde, und senden Ihnen einen Link für ein neues Passwort.',
  submit: 'Mein Konto sichern',
  doneTitle: 'Ihr Konto ist gesichert',
  done: (count) =>
    `${count === 1 ? '1 Sitzung wurde beendet.' : `${count} Sitzungen wurden beendet.`} Wählen Sie mit dem Link in unserer E-Mail ein neues Passwort.`,
};
