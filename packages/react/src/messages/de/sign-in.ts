/** The German texts of `SignIn`. */
import type { Messages } from '../messages.ts';

export const german: Messages['signIn'] = {
  title: 'Anmelden',
  submit: 'Anmelden',
  rememberMe: 'Auf diesem Gerät angemeldet bleiben',
  passkey: 'Mit einem Passkey anmelden',
  mailCode: 'Mit einem Code per E-Mail anmelden',
  sendCode: 'Code senden',
  wrong: 'Die E-Mail-Adresse oder das Passwort ist falsch.',
  expired: 'Diese Anmeldung ist abgelaufen. Melden Sie sich erneut an.',
  passkeyRefused: 'Es wurde kein Passkey benutzt. Versuchen Sie es erneut oder wählen Sie einen anderen Weg.',
};
