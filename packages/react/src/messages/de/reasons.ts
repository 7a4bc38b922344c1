/** The German texts of `ReasonDialog`. */
import type { Messages } from '../messages.ts';

export const german: Messages['reasons'] = {
  label: 'Grund',
  optional: 'Grund (optional)',
  hint: 'Wird mit Ihrem Namen im Protokoll gespeichert.',
};
