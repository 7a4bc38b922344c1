/** `@postern/react/forms`: complete forms. Each one is a file of its own, so that a bundler takes only what a page shows. */
export { FinishSignUp, type FinishSignUpProps } from './finish-sign-up.tsx';
export type { FormPartProps } from './form-parts.tsx';
export { LinkAccount, type LinkAccountProps } from './link-account.tsx';
export { ProviderButtons, type ProviderButtonsProps } from './provider-buttons.tsx';
export { ProviderReturn, type ProviderReturnProps } from './provider-return.tsx';
export { SecondStep, type SecondStepProps } from './second-step.tsx';
export { SignIn, type SignInProps } from './sign-in.tsx';
export { StepUpDialog, type StepUpDialogProps } from './step-up-dialog.tsx';
