/** The German texts of `ConfirmPasskey`. */
import type { Messages } from '../messages.ts';

export const german: Messages['confirmPasskey'] = {
  title: 'Neuen Passkey bestätigen',
  lead: 'Danach meldet er Sie ohne Passwort an.',
  submit: 'Bestätigen',
  doneTitle: 'Ihr Passkey ist bestätigt',
  done: 'Er meldet Sie jetzt ohne Passwort an.',
};
