/** The German texts of `ExportData`. */
import type { Messages } from '../messages.ts';

export const german: Messages['exportData'] = {
  title: 'Ihre Daten exportieren',
  lead: 'Eine JSON-Datei mit allem, was dieser Dienst über Sie speichert.',
  submit: 'Meine Daten exportieren',
  fileName: 'meine-daten.json',
  done: 'Die Datei ist in Ihren Downloads.',
};
