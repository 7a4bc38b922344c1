/**
 * The English texts. An app that does not import this object loads those of the forms that it shows: each form imports its own.
 * A new form has a file in `en/` and one in `de/`, and a line here and in `de.ts`.
 */
import { english as acceptInvitation } from './en/accept-invitation.ts';
import { english as activity } from './en/activity.ts';
import { english as apiKeys } from './en/api-keys.tsx';
import { english as backupCodes } from './en/backup-codes.ts';
import { english as captcha } from './en/captcha.ts';
import { english as changePassword } from './en/change-password.ts';
import { english as confirmEmail } from './en/confirm-email.ts';
import { english as confirmPasskey } from './en/confirm-passkey.ts';
import { english as copying } from './en/copying.ts';
import { english as deleteAccount } from './en/delete-account.ts';
import { english as exportData } from './en/export-data.ts';
import { english as signUp } from './en/finish-sign-up.tsx';
import { english as forgotPassword } from './en/forgot-password.tsx';
import { english as identities } from './en/identities.tsx';
import { english as link } from './en/link-account.tsx';
import { english as mailCode } from './en/mail-code.tsx';
import { english as methods } from './en/methods.ts';
import { english as notMe } from './en/not-me.ts';
import { english as passkeys } from './en/passkeys.tsx';
import { english as passwordRules } from './en/password-rules.tsx';
import { english as phones } from './en/phones.tsx';
import { english as profile } from './en/profile.ts';
import { english as providerReturn } from './en/provider-return.ts';
import { english as reasons } from './en/reasons.ts';
import { english as register } from './en/register.tsx';
import { english as resetPassword } from './en/reset-password.ts';
import { english as secondFactors } from './en/second-factors.ts';
import { english as secondStep } from './en/second-step.tsx';
import { english as security } from './en/security.ts';
import { english as sessions } from './en/sessions.tsx';
import { english as shared } from './en/shared.ts';
import { english as signIn } from './en/sign-in.ts';
import { english as stepUp } from './en/step-up.ts';
import { english as totp } from './en/totp.ts';
import { english as verifyEmail } from './en/verify-email.ts';

export const en = {
  ...shared,
  acceptInvitation,
  activity,
  apiKeys,
  backupCodes,
  captcha,
  changePassword,
  confirmEmail,
  confirmPasskey,
  copying,
  deleteAccount,
  exportData,
  forgotPassword,
  identities,
  link,
  mailCode,
  methods,
  notMe,
  passkeys,
  passwordRules,
  phones,
  profile,
  providerReturn,
  reasons,
  register,
  resetPassword,
  secondFactors,
  secondStep,
  security,
  sessions,
  signIn,
  signUp,
  stepUp,
  totp,
  verifyEmail,
};
