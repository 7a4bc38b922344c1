/** The German texts of `BackupCodes`. */
import type { Messages } from '../messages.ts';

export const german: Messages['backupCodes'] = {
  title: 'Backup-Codes',
  sub: 'Jeder Code gilt einmal',
  left: (count) => `${count} von 10 übrig`,
  create: 'Neue Codes erzeugen',
  createTitle: 'Neue Backup-Codes erzeugen?',
  createLead: 'Die alten Codes gelten dann nicht mehr.',
  code: 'Code der App oder Backup-Code',
  wrongCode: 'Dieser Code ist falsch oder wurde schon benutzt.',
  saveTitle: 'Backup-Codes sichern',
  saveLead: 'Diese Codes werden einmal angezeigt. Jeder ersetzt einmal Ihren zweiten Schritt.',
  saved: 'Ich habe diese Codes außerhalb dieses Geräts gesichert',
  fileName: 'backup-codes.txt',
};
