/** The German texts of `Profile`. */
import type { Messages } from '../messages.ts';

export const german: Messages['profile'] = {
  title: 'Profil',
  lead: 'Wie andere Sie sehen und wo E-Mails Sie erreichen.',
  nameHint: 'Andere Benutzer können ihn sehen.',
  language: 'Sprache der E-Mails',
  languageDefault: 'Sprache des Dienstes',
  languages: { en: 'Englisch', de: 'Deutsch' },
  save: 'Speichern',
  saved: 'Ihr Profil ist gespeichert.',
  emailTitle: 'E-Mail-Adresse',
  emailSub: 'Damit melden Sie sich an',
  changeEmail: 'Adresse ändern',
  changeTitle: 'E-Mail-Adresse ändern',
  changeLead: 'Wir senden einen Link an die neue Adresse. Vorher ändert sich nichts.',
  newEmail: 'Neue E-Mail-Adresse',
  sendLink: 'Link senden',
  sent: (email) => `Ein Link ist unterwegs an ${email}.`,
};
