/** The German texts of `SecurityHead`. */
import type { Messages } from '../messages.ts';

export const german: Messages['security'] = {
  title: 'Sicherheit',
  lead: 'Wie Sie sich anmelden und wie Sie nachweisen, dass Sie es sind.',
  noFactor: 'Ihr Passwort ist der einzige Schutz.',
  noFactorLead: 'Fügen Sie einen Passkey oder eine Authenticator-App hinzu.',
  required: 'Ihre Rolle braucht einen zweiten Faktor.',
  fewCodes: (count) =>
    count === 0
      ? 'Kein Backup-Code ist übrig.'
      : count === 1
        ? '1 Backup-Code ist übrig.'
        : `${count} Backup-Codes sind übrig.`,
  fewCodesLead: 'Sie sind Ihr Zugang, wenn Sie Ihr Telefon und Ihre Passkeys verlieren.',
};
