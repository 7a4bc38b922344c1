/** The German texts of `ReasonDialog`. */
import type { Messages } from '../messages.ts';

export const german: Messages['reasons'] = {
  label: 'Grund',
  optional: 'Grund (freiwillig)',
  hint: 'Wird mit Ihrem Namen im Audit-Protokoll gespeichert.',
};
