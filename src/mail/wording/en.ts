/** The mails in English. */
import type { RiskSignal } from '../../persistence/risk/risk-assessment.ts';
import { linkSeconds, type MailVariables, type SecondFactor } from '../mail.ts';
import type { Wording } from './wording.ts';

const takeBack =
  'If this was you, no action is needed. If not, follow the link: it ends the session that made this change, removes all factors that were added since that session began, and sends you a mail to choose a new password.';

export const english: Wording = {
  dates: 'en-GB',
  moment: (date, time) => `${date} at ${time} UTC`,
  device: (browser, system) => (browser && system ? `${browser} on ${system}` : (browser ?? system ?? '')),
  frame: {
    copyLink: 'If the button does not work, copy this link into your browser:',
    help: 'Help:',
    reason: (productName) =>
      `You receive this mail because of your ${productName} account, or because an account was requested for this address.`,
  },
  mails: {
    verify_email: (mail, { moment, productName }) => ({
      subject: 'Confirm your e-mail address',
      paragraphs: [
        `This address was used to register at ${productName} on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. If this was you, confirm it by ${moment(mail.expiresAt)}.`,
        'If it was not you, no action is needed: without your confirmation no account is created.',
      ],
      action: 'Confirm my address',
    }),
    already_registered: (mail, { moment, productName }) => ({
      subject: 'You already have an account',
      paragraphs: [
        `This address was used to register at ${productName} on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. It already has an account, and nothing was changed.`,
        'If this was you, sign in, or reset your password if you have forgotten it. If not, no action is needed.',
      ],
    }),
    choose_password: (mail, { moment, productName }) => ({
      subject: 'Choose a password',
      paragraphs: [
        `Your address is confirmed, and you have a ${productName} account. It has no password yet: this address was registered several times, and we do not know which password is yours.`,
        `Choose one by ${moment(mail.expiresAt)}.`,
      ],
      action: 'Choose a password',
    }),
    account_is_deleted: (mail, { moment, productName }) => ({
      subject: 'Your account is deleted',
      paragraphs: [
        `On ${moment(mail.requestedAt)} your address was entered at ${productName}${from(mail.ipAddress)}. Its account is deleted, and the address stays reserved until ${moment(mail.purgeAt)}.`,
        'Until then you can neither sign in nor register again. If you want the account back before that time, contact us. If the request was not yours, no action is needed.',
      ],
    }),
    password_reset: (mail, { moment, productName }) => ({
      subject: 'Reset your password',
      paragraphs: [
        `A password reset was requested for your ${productName} account on ${moment(mail.requestedAt)}${from(mail.ipAddress)}.`,
        `If this was you, choose a new password by ${moment(mail.requestedAt, linkSeconds.password_reset)}. This signs you out on every device.`,
        'If it was not you, no action is needed: your password stays unchanged.',
      ],
      action: 'Choose a new password',
    }),
    password_changed: (mail, { moment, productName }) => ({
      subject: 'Your password was changed',
      paragraphs: [
        `The password of your ${productName} account was set on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    account_locked: (mail, { moment, productName }) => ({
      subject: 'Too many failed sign-ins to your account',
      paragraphs: [
        `There were too many wrong passwords for your ${productName} account${mail.ipAddress === null ? '' : `, the last one from the IP address ${mail.ipAddress}`}. Until ${moment(mail.lockedUntil)} sign-in from new devices is locked.`,
        'You can still sign in on a device that you have used before. If you have forgotten your password, reset it: this removes the lock.',
      ],
    }),
    new_sign_in: (mail, { moment, device, place, productName }) => ({
      subject: 'A new sign-in to your account',
      paragraphs: [
        `Your ${productName} account was used to sign in on ${moment(mail.signedInAt)}${from(mail.ipAddress)}${mail.place ? ` (${mail.place.city === null ? '' : 'near '}${place(mail.place)})` : ''}, with ${device(mail.deviceName, mail.userAgent) ?? 'an unknown device'}.`,
        ...unusual(mail.signals),
        'If this was you, no action is needed. If not, follow the link: it ends that session, removes all factors that were added since it began, and sends you a mail to choose a new password.',
      ],
      action: 'This was not me',
    }),
    token_reuse_detected: (mail, { moment, device, productName }) => ({
      subject: 'We ended one of your sessions',
      paragraphs: [
        `An old key of your ${productName} session${on(device(mail.deviceName, null))} was used again on ${moment(mail.detectedAt)}${from(mail.ipAddress)}. It may have been copied, so we signed that device out.`,
        'You can sign in again. If you cannot explain this, reset your password as well.',
      ],
    }),
    email_change_confirm: (mail, { moment, productName }) => ({
      subject: 'Confirm your new e-mail address',
      paragraphs: [
        `A ${productName} account requested to use this address on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. If this was you, confirm it by ${moment(mail.requestedAt, linkSeconds.email_change_confirm)}.`,
        'If it was not you, no action is needed: without your confirmation nothing changes.',
      ],
      action: 'Confirm my new address',
    }),
    email_change_requested: (mail, { moment, productName }) => ({
      subject: 'Your e-mail address is about to change',
      paragraphs: [
        `A change of the address of your ${productName} account to ${mail.newEmail} was requested on ${moment(mail.requestedAt)}${from(mail.ipAddress)}.`,
        'If this was you, follow the link in the mail to the new address. If not, follow this one: it stops the change, ends every session, removes all factors that were added since the request, and sends you a mail to choose a new password.',
      ],
      action: 'This was not me',
    }),
    email_changed: (mail, { moment, productName }) => ({
      subject: 'Your e-mail address was changed',
      paragraphs: [
        `The address of your ${productName} account was changed to ${mail.newEmail} on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        'If this was not you, follow the link: it restores this address, ends every session, removes all factors that were added since the request, and sends you a mail to choose a new password.',
      ],
      action: 'This was not me',
    }),
    mfa_enabled: (mail, { moment, productName }) => ({
      subject: 'A second factor was added',
      paragraphs: [
        `${added[mail.method]} was set up for your ${productName} account on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    mfa_disabled: (mail, { moment, productName }) => ({
      subject: 'A second factor was removed',
      paragraphs: [
        `${removed[mail.method]} of your ${productName} account was removed on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    identity_linked: (mail, { moment, productName }) => ({
      subject: 'A way to sign in was added',
      paragraphs: [
        `An account at ${mail.provider} was linked to your ${productName} account on ${moment(mail.changedAt)}${from(mail.ipAddress)}. It can be used to sign in.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    identity_unlinked: (mail, { moment, productName }) => ({
      subject: 'A way to sign in was removed',
      paragraphs: [
        `An account at ${mail.provider} was unlinked from your ${productName} account on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    phone_added: (mail, { moment, productName }) => ({
      subject: 'A phone was added',
      paragraphs: [
        `The phone ${mail.number} of your ${productName} account was verified on ${moment(mail.changedAt)}${from(mail.ipAddress)}. ${mail.factor ? 'Codes to it are accepted as a second step of sign-in.' : 'It is no second step of sign-in.'}`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    phone_removed: (mail, { moment, productName }) => ({
      subject: 'A phone was removed',
      paragraphs: [
        `The phone ${mail.number} of your ${productName} account was removed on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    backup_code_used: (mail, { moment, productName }) => ({
      subject: 'A backup code was used',
      paragraphs: [
        `One of the backup codes of your ${productName} account was used on ${moment(mail.usedAt)}${from(mail.ipAddress)}. ${mail.remaining === 1 ? 'One is' : `${mail.remaining === 0 ? 'None' : mail.remaining} are`} left.`,
        ...(mail.remaining < 3
          ? ['Create new ones soon: without them you lose access to your account when you lose your device.']
          : []),
        takeBack,
      ],
      action: 'This was not me',
    }),
    backup_codes_regenerated: (mail, { moment, productName }) => ({
      subject: 'You have new backup codes',
      paragraphs: [
        `New backup codes were created for your ${productName} account on ${moment(mail.changedAt)}${from(mail.ipAddress)}. The earlier codes no longer work.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    passkey_confirm: (mail, { moment, productName }) => ({
      subject: 'Confirm your new passkey',
      paragraphs: [
        `A passkey was added to your ${productName} account on ${moment(mail.addedAt)}${from(mail.ipAddress)}. It works together with your password. From ${moment(mail.addedAt, linkSeconds.passkey_confirm)} it also signs in without your password.`,
        'If you added it, follow the link to use it without your password now. If not, follow the link "This was not me" in our other mail about it.',
      ],
      action: 'Confirm my passkey',
    }),
    passkey_clone_suspected: (mail, { moment, productName }) => ({
      subject: 'One of your passkeys may have been copied',
      paragraphs: [
        `A sign-in to your ${productName} account on ${moment(mail.detectedAt)}${from(mail.ipAddress)} used a passkey that looks like a copy of yours. We rejected it.`,
        `The passkey is called “${mail.name}”. Remove it in your account and set up a new one.`,
      ],
    }),
    account_recovered: (mail, { moment, productName }) => ({
      subject: 'Your account was secured',
      paragraphs: [
        `On ${moment(mail.recoveredAt)} you reported${from(mail.ipAddress)} that a change in your ${productName} account was not yours. We signed the other person out, and no longer trust the devices that you used before.`,
        `We removed ${removedSince(mail)}. Your other sessions have to prove the second factor again, if you have one.`,
        mail.password
          ? 'Your password no longer works. Choose a new one with the link in the mail "Reset your password".'
          : 'Choose a new password with the link in the mail "Reset your password".',
      ],
    }),
    api_key_expiring: (mail, { moment, productName }) => ({
      subject: 'One of your API keys expires soon',
      paragraphs: [
        `The API key “${mail.name}”${ofServiceAccount(mail)} at ${productName} expires on ${moment(mail.expiresAt)}. From then on it is rejected.`,
        'If your programs still need access, create another key and give it to them before that time.',
      ],
    }),
    api_key_expired: (mail, { moment, productName }) => ({
      subject: 'One of your API keys has expired',
      paragraphs: [
        `The API key “${mail.name}”${ofServiceAccount(mail)} at ${productName} expired on ${moment(mail.expiresAt)}. It is rejected.`,
        'If your programs still need access, create another key.',
      ],
    }),
    webhook_disabled: ({ host, description, reason, disabledAt }, { moment, productName }) => ({
      subject: 'A webhook was disabled',
      paragraphs: [
        `${productName} disabled the webhook for ${host}${description === null ? '' : ` (“${description}”)`} on ${moment(disabledAt)}, because ${reason === 'gone' ? 'its endpoint answered that it is gone (410)' : 'no message reached it for five days'}. It gets no events any more, and messages that waited were given up.`,
        'Correct the endpoint, then enable the webhook again in the console. It starts with new events.',
      ],
    }),
    api_key_exposed: (mail, { moment, productName }) => ({
      subject: 'One of your API keys was exposed',
      paragraphs: [
        `On ${moment(mail.seenAt)} a request to ${productName}${from(mail.ipAddress)} contained your API key “${mail.name}”${ofServiceAccount(mail)} in its address. We rejected the request. The key still works, and addresses are stored in logs and browser histories.`,
        'Create another key, give it to your programs, and revoke this one. Send keys in the Authorization header only.',
      ],
    }),
    sign_in_code: (mail, { moment, productName }) => ({
      subject: 'Your code to sign in',
      paragraphs: [
        `On ${moment(mail.requestedAt)} a sign-in to your ${productName} account began${from(mail.ipAddress)}. Your code:`,
        `It is valid until ${moment(mail.requestedAt, linkSeconds.sign_in_code)}. Enter it only on the page where you began to sign in, and do not share it.${mail.token === null ? '' : ' In the same browser, the button signs you in without the code.'}`,
        'If this was not you, no action is needed: a sign-in needs this mail.',
      ],
      code: mail.code,
      action: 'Sign in',
    }),
    second_step_code: (mail, { moment, productName }) => ({
      subject: 'Your confirmation code',
      paragraphs: [
        `On ${moment(mail.requestedAt)} ${productName} asked for a confirmation that it is you${from(mail.ipAddress)}. Your code:`,
        `It is valid until ${moment(mail.requestedAt, linkSeconds.sign_in_code)}. Enter it only on the page that asked for it, and do not share it.`,
        'If this was not you, another person may know your password: reset it.',
      ],
      code: mail.code,
    }),
    invitation: (mail, { moment, productName }) => ({
      subject: 'You are invited',
      paragraphs: [
        `A ${productName} account was created for you. To use it, choose a password by ${moment(mail.expiresAt)}.`,
        'If you did not expect this, no action is needed.',
      ],
      action: 'Choose a password',
    }),
    account_deleted: (mail, { moment, productName }) => ({
      subject: 'Your account was deleted',
      paragraphs: [
        `Your ${productName} account was deleted on ${moment(mail.deletedAt)}${from(mail.ipAddress)}. We erase all your data after ${moment(mail.purgeAt)}.`,
        'Until then the account can be restored. If you did not want this, contact us before that time.',
      ],
    }),
    account_restored: (mail, { moment, productName }) => ({
      subject: 'Your account was restored',
      paragraphs: [`Your ${productName} account was restored on ${moment(mail.restoredAt)}. You can sign in again.`],
    }),
  },
};

function removedSince({
  passkeys,
  authenticatorApp,
  backupCodes,
  identities,
  apiKeys,
  phones,
}: MailVariables['account_recovered']): string {
  const removed = [
    ...(authenticatorApp ? ['an authenticator app'] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? 'one passkey' : `${passkeys} passkeys`] : []),
    ...(backupCodes ? ['backup codes'] : []),
    ...(identities > 0 ? [identities === 1 ? 'one linked account' : `${identities} linked accounts`] : []),
    ...(apiKeys > 0 ? [apiKeys === 1 ? 'one API key' : `${apiKeys} API keys`] : []),
    ...(phones > 0 ? [phones === 1 ? 'one phone' : `${phones} phones`] : []),
  ];
  if (removed.length === 0) return 'no second factor, because none was added in the meantime';
  return `the factors that were added in the meantime: ${removed.join(', ')}`;
}

const added: Readonly<Record<SecondFactor, string>> = { TOTP: 'An authenticator app', PASSKEY: 'A passkey' };

const removed: Readonly<Record<SecondFactor | 'ALL', string>> = {
  TOTP: 'The authenticator app',
  PASSKEY: 'A passkey',
  ALL: 'Every second factor',
};

const signalTexts: Readonly<Record<RiskSignal, string>> = {
  NEW_DEVICE: 'the device is new',
  NEW_NETWORK: 'the network is new',
  NEW_COUNTRY: 'the country is new',
  NEW_ASN: 'the Internet provider is new',
  IMPOSSIBLE_TRAVEL: 'the sign-in before it was too far away for the time between them',
  LONG_IDLE: 'the account was not used for a long time',
  UNUSUAL_HOUR: 'the time of day is unusual',
  MANY_ACCOUNTS_FROM_SOURCE: 'sign-ins to many other accounts failed from the same address',
  ANONYMISER: 'the connection hides where it comes from, as a VPN does',
  AUTOMATION: 'the client looks like a script',
  BREACHED_PASSWORD: 'the password is in a list of stolen passwords, so change it',
  DISPOSABLE_MAIL: 'your address belongs to a service for disposable addresses',
};

function unusual(signals: readonly RiskSignal[] = []): string[] {
  return signals.length === 0 ? [] : [`What was unusual: ${signals.map((signal) => signalTexts[signal]).join('; ')}.`];
}

function ofServiceAccount({ serviceAccount }: { serviceAccount: string | null }): string {
  return serviceAccount === null ? '' : ` of the service account “${serviceAccount}”`;
}

function from(ipAddress: string | null): string {
  return ipAddress === null ? '' : ` from the IP address ${ipAddress}`;
}

function on(device: string | null): string {
  return device === null ? '' : ` on ${device}`;
}
