/** The mails in English. */
import { linkSeconds, type MailVariables, type SecondFactor } from '../mail.ts';
import type { Wording } from './wording.ts';

const takeBack =
  'If this was you, there is nothing to do. If not, follow the link: it ends the session that did this, removes what was added since it began, and sends you a mail to choose a new password.';

export const english: Wording = {
  dates: 'en-GB',
  moment: (date, time) => `${date} at ${time} UTC`,
  device: (browser, system) => (browser && system ? `${browser} on ${system}` : (browser ?? system ?? '')),
  frame: {
    copyLink: 'If the button does not work, copy this link into your browser:',
    help: 'Help:',
    reason: (productName) =>
      `You get this mail because of your account at ${productName}, or one that somebody asked for.`,
  },
  mails: {
    verify_email: (mail, { moment, productName }) => ({
      subject: 'Confirm your e-mail address',
      paragraphs: [
        `Somebody registered at ${productName} with this address on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. If this was you, confirm it by ${moment(mail.expiresAt)}.`,
        'If it was not you, there is nothing to do: without your confirmation there is no account.',
      ],
      action: 'Confirm my address',
    }),
    already_registered: (mail, { moment, productName }) => ({
      subject: 'You already have an account',
      paragraphs: [
        `Somebody tried to register at ${productName} with this address on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. It has an account already, and nothing was changed.`,
        'If this was you, sign in, or reset your password if you have forgotten it. If not, there is nothing to do.',
      ],
    }),
    choose_password: (mail, { moment, productName }) => ({
      subject: 'Choose a password',
      paragraphs: [
        `Your address is confirmed, and you have a ${productName} account. It has no password yet: several people registered this address, and we do not know which password is yours.`,
        `Choose one by ${moment(mail.expiresAt)}.`,
      ],
      action: 'Choose a password',
    }),
    account_is_deleted: (mail, { moment, productName }) => ({
      subject: 'Your account is deleted',
      paragraphs: [
        `On ${moment(mail.requestedAt)} a request${from(mail.ipAddress)} named your address at ${productName}. Its account is deleted, and holds the address until ${moment(mail.purgeAt)}.`,
        'Until then you can neither sign in nor register again. If you want the account back before that time, contact us. If the request was not yours, there is nothing to do.',
      ],
    }),
    password_reset: (mail, { moment, productName }) => ({
      subject: 'Reset your password',
      paragraphs: [
        `Somebody asked to reset the password of your ${productName} account on ${moment(mail.requestedAt)}${from(mail.ipAddress)}.`,
        `If this was you, choose a new one by ${moment(mail.requestedAt, linkSeconds.password_reset)}. That signs you out on every device.`,
        'If it was not you, there is nothing to do: your password stays as it is.',
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
      subject: 'Somebody tries to guess your password',
      paragraphs: [
        `There were too many wrong passwords for your ${productName} account${mail.ipAddress === null ? '' : `, the last one from the IP address ${mail.ipAddress}`}. Until ${moment(mail.lockedUntil)} nobody can sign in from a new device.`,
        'On a device that you have used before you still can. If you have forgotten your password, reset it: that lifts the lock.',
      ],
    }),
    new_sign_in: (mail, { moment, device, productName }) => ({
      subject: 'A new sign-in to your account',
      paragraphs: [
        `Somebody signed in to your ${productName} account on ${moment(mail.signedInAt)}${from(mail.ipAddress)}, with ${device(mail.deviceName, mail.userAgent) ?? 'an unknown device'}.`,
        'If this was you, there is nothing to do. If not, follow the link: it ends that session, removes what was added since it began, and sends you a mail to choose a new password.',
      ],
      action: 'This was not me',
    }),
    token_reuse_detected: (mail, { moment, device, productName }) => ({
      subject: 'We ended one of your sessions',
      paragraphs: [
        `An old key to your ${productName} session${on(device(mail.deviceName, null))} was used again on ${moment(mail.detectedAt)}${from(mail.ipAddress)}. Somebody may have copied it, so we signed that device out.`,
        'You can sign in again. If you know nothing of this, reset your password as well.',
      ],
    }),
    email_change_confirm: (mail, { moment, productName }) => ({
      subject: 'Confirm your new e-mail address',
      paragraphs: [
        `Somebody asked to use this address for their ${productName} account on ${moment(mail.requestedAt)}${from(mail.ipAddress)}. If this was you, confirm it by ${moment(mail.requestedAt, linkSeconds.email_change_confirm)}.`,
        'If it was not you, there is nothing to do: without your confirmation nothing changes.',
      ],
      action: 'Confirm my new address',
    }),
    email_change_requested: (mail, { moment, productName }) => ({
      subject: 'Your e-mail address is about to change',
      paragraphs: [
        `Somebody asked to change the address of your ${productName} account to ${mail.newEmail} on ${moment(mail.requestedAt)}${from(mail.ipAddress)}.`,
        'If this was you, follow the link in the mail to the new address. If not, follow this one: it stops the change, ends every session, removes what was added since the change was requested, and sends you a mail to choose a new password.',
      ],
      action: 'This was not me',
    }),
    email_changed: (mail, { moment, productName }) => ({
      subject: 'Your e-mail address was changed',
      paragraphs: [
        `The address of your ${productName} account was changed to ${mail.newEmail} on ${moment(mail.changedAt)}${from(mail.ipAddress)}.`,
        'If this was not you, follow the link: it brings this address back, ends every session, removes what was added since the change was requested, and sends you a mail to choose a new password.',
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
    backup_code_used: (mail, { moment, productName }) => ({
      subject: 'A backup code was used',
      paragraphs: [
        `One of the backup codes of your ${productName} account was used on ${moment(mail.usedAt)}${from(mail.ipAddress)}. ${mail.remaining === 1 ? 'One is' : `${mail.remaining === 0 ? 'None' : mail.remaining} are`} left.`,
        ...(mail.remaining < 3
          ? ['Make new ones soon: without them you lose your account if you lose your device.']
          : []),
        takeBack,
      ],
      action: 'This was not me',
    }),
    backup_codes_regenerated: (mail, { moment, productName }) => ({
      subject: 'You have new backup codes',
      paragraphs: [
        `New backup codes were made for your ${productName} account on ${moment(mail.changedAt)}${from(mail.ipAddress)}. The ones before no longer work.`,
        takeBack,
      ],
      action: 'This was not me',
    }),
    passkey_confirm: (mail, { moment, productName }) => ({
      subject: 'Confirm your new passkey',
      paragraphs: [
        `A passkey was added to your ${productName} account on ${moment(mail.addedAt)}${from(mail.ipAddress)}. It works together with your password. From ${moment(mail.addedAt, linkSeconds.passkey_confirm)} on it also signs in without it.`,
        'If you added it, follow the link to use it without your password now. If not, follow the link in our other mail about it, which says "This was not me".',
      ],
      action: 'Confirm my passkey',
    }),
    passkey_clone_suspected: (mail, { moment, productName }) => ({
      subject: 'One of your passkeys may have been copied',
      paragraphs: [
        `Somebody tried to sign in to your ${productName} account on ${moment(mail.detectedAt)}${from(mail.ipAddress)} with a passkey that looks like a copy of yours. We did not let them in.`,
        `It is the one that you called “${mail.name}”. Remove it in your account and set up a new one.`,
      ],
    }),
    account_recovered: (mail, { moment, productName }) => ({
      subject: 'Your account was secured',
      paragraphs: [
        `On ${moment(mail.recoveredAt)} you told us${from(mail.ipAddress)} that what happened in your ${productName} account was not you. We signed the other person out, and no longer trust the devices that you signed in with before.`,
        `We removed ${removedSince(mail)}. Your other sessions have to prove the second factor again, if you have one.`,
        mail.password
          ? 'Your password no longer works. Choose a new one with the link in the mail "Reset your password".'
          : 'Choose a new password with the link in the mail "Reset your password".',
      ],
    }),
    invitation: (mail, { moment, productName }) => ({
      subject: 'You are invited',
      paragraphs: [
        `There is a ${productName} account for you. To use it, choose a password by ${moment(mail.expiresAt)}.`,
        'If you did not expect this, there is nothing to do.',
      ],
      action: 'Choose a password',
    }),
    account_deleted: (mail, { moment, productName }) => ({
      subject: 'Your account was deleted',
      paragraphs: [
        `Your ${productName} account was deleted on ${moment(mail.deletedAt)}${from(mail.ipAddress)}. We erase what we hold of you after ${moment(mail.purgeAt)}.`,
        'Until then the account can be restored. If you did not want this, contact us before that time.',
      ],
    }),
    account_restored: (mail, { moment, productName }) => ({
      subject: 'Your account was restored',
      paragraphs: [`Your ${productName} account was restored on ${moment(mail.restoredAt)}. You can sign in again.`],
    }),
  },
};

function removedSince({ passkeys, authenticatorApp, backupCodes }: MailVariables['account_recovered']): string {
  const removed = [
    ...(authenticatorApp ? ['an authenticator app'] : []),
    ...(passkeys > 0 ? [passkeys === 1 ? 'one passkey' : `${passkeys} passkeys`] : []),
    ...(backupCodes ? ['backup codes'] : []),
  ];
  if (removed.length === 0) return 'no second factor: none was added meanwhile';
  return `what was added meanwhile: ${removed.join(', ')}`;
}

const added: Readonly<Record<SecondFactor, string>> = { TOTP: 'An authenticator app', PASSKEY: 'A passkey' };

const removed: Readonly<Record<SecondFactor | 'ALL', string>> = {
  TOTP: 'The authenticator app',
  PASSKEY: 'A passkey',
  ALL: 'Every second factor',
};

function from(ipAddress: string | null): string {
  return ipAddress === null ? '' : ` from the IP address ${ipAddress}`;
}

function on(device: string | null): string {
  return device === null ? '' : ` on ${device}`;
}
