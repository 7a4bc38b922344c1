/** `@postern/react/forms`: complete forms. Each one is a file of its own, so that a bundler takes only what a page shows. */
export { AcceptInvitation, type AcceptInvitationProps } from './accept-invitation.tsx';
export { ConfirmEmail, type ConfirmEmailProps } from './confirm-email.tsx';
export { ConfirmPasskey, type ConfirmPasskeyProps } from './confirm-passkey.tsx';
export { FinishSignUp, type FinishSignUpProps } from './finish-sign-up.tsx';
export { ForgotPassword, type ForgotPasswordProps } from './forgot-password.tsx';
export type { FormPartProps } from './form-parts.tsx';
export { LinkAccount, type LinkAccountProps } from './link-account.tsx';
export { NotMe, type NotMeProps } from './not-me.tsx';
export { ProviderButtons, type ProviderButtonsProps } from './provider-buttons.tsx';
export { ProviderReturn, type ProviderReturnProps } from './provider-return.tsx';
export { Register, type RegisterProps } from './register.tsx';
export { ResetPassword, type ResetPasswordProps } from './reset-password.tsx';
export { SecondStep, type SecondStepProps } from './second-step.tsx';
export { SignIn, type SignInProps } from './sign-in.tsx';
export { StepUpDialog, type StepUpDialogProps } from './step-up-dialog.tsx';
export { VerifyEmail, type VerifyEmailProps } from './verify-email.tsx';
