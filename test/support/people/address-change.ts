/** The change of an address as its owner does it: the request, the confirmation, and the restore. */
import type { TestGateway } from '../gateway/gateway.ts';
import { ConfirmEmailChangeDocument, DisownSessionDocument, RequestEmailChangeDocument } from '../generated/graphql.ts';
import { tokenIn } from '../mail/mail-server.ts';

type At = Pick<TestGateway, 'send' | 'mail'>;
type Asker = { accessToken: string };

export const subjects = {
  confirm: 'Confirm your new e-mail address',
  warning: 'Your e-mail address is about to change',
  changed: 'Your e-mail address was changed',
};

export const askForAddress = ({ send }: At, { accessToken }: Asker, newEmail: string) =>
  send(RequestEmailChangeDocument, { input: { newEmail } }, accessToken);
export const confirmAddress = ({ send }: At, token: string, asker?: Asker) =>
  send(ConfirmEmailChangeDocument, { input: { token } }, asker?.accessToken);
export const disown = ({ send }: At, token: string) => send(DisownSessionDocument, { input: { token } });

/** @returns the token of the link to the new address */
export async function tokenForAddress(gateway: At, asker: Asker, newEmail: string): Promise<string> {
  await askForAddress(gateway, asker, newEmail);
  return tokenIn(await gateway.mail.take(newEmail, subjects.confirm));
}

/**
 * @returns the tokens with which `from` can restore the address: the one of the warning, and the one of the notice
 * after the change
 */
export async function changeAddress(gateway: At, asker: Asker, from: string, to: string) {
  await confirmAddress(gateway, await tokenForAddress(gateway, asker, to), asker);
  const warning = tokenIn(await gateway.mail.take(from, subjects.warning));
  const noticeToken = tokenIn(await gateway.mail.take(from, subjects.changed));
  return { warning, noticeToken };
}
