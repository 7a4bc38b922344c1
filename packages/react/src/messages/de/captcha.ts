/** The German texts of captchas. */
import type { Messages } from '../messages.ts';

export const german: Messages['captcha'] = {
  working: 'Einen Moment. Ihr Browser löst eine kleine Aufgabe.',
  title: 'Noch eine Prüfung',
  lead: 'Sie hält automatische Anfragen fern.',
  broken: 'Die Prüfung ließ sich nicht laden. Erlauben Sie ihre Seite im Browser, oder versuchen Sie es später erneut.',
};
