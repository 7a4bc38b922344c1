/** Prints messages at the terminal. Development only: they contain live codes. */
import type { SmsProvider } from './provider.ts';

export function createPrintedSms(print: (text: string) => void): SmsProvider {
  return {
    async send({ to, text }) {
      print(`\n  Text message to ${to}\n\n${text.replace(/^(?=.)/gm, '  | ')}\n`);
      return null;
    },
  };
}
