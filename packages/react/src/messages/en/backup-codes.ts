/** The English texts of `BackupCodes`. */
export const english = {
  title: 'Backup codes',
  sub: 'Each code works once',
  left: (count: number) => `${count} of 10 left`,
  create: 'Create new codes',
  createTitle: 'Create new backup codes?',
  createLead: 'The old codes no longer work then.',
  code: 'Code of your app or a backup code',
  wrongCode: 'This code is wrong or was used before.',
  saveTitle: 'Save your backup codes',
  saveLead: 'These codes are shown once. Each of them replaces your second step one time.',
  saved: 'I have saved these codes outside this device',
  fileName: 'backup-codes.txt',
};
