/** The German texts of `LinkAccount`. */
import type { Messages } from '../messages.ts';

export const german: Messages['link'] = {
  title: 'Konto verknüpfen?',
  lead: (email) => (
    <>
      Es gibt ein Konto mit der Adresse {email}. Weisen Sie einmal nach, dass es Ihres ist; dann melden beide Wege Sie
      an.
    </>
  ),
  submit: 'Verknüpfen und anmelden',
  usePasskey: 'Mit einem Passkey verknüpfen',
  noProof:
    'Melden Sie sich zuerst auf einem anderen Weg an. Verknüpfen Sie den Anbieter dann unter „Verknüpfte Anmeldungen“.',
  wrong: 'Das Passwort ist falsch.',
  startAgain: 'Anderes Konto benutzen',
};
