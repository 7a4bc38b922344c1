/**
 * `@postern/client`: every operation of an account as a typed method, over one session that the client keeps. For browsers
 * and Node. Administration and your own documents go through `request`.
 */
export type { OfferedCaptcha, PageOptions } from './account-operations.ts';
export type { PosternClientOptions } from './client-options.ts';
export type { CodeLoginOptions } from './codes/code-operations.ts';
export { englishErrors } from './errors/english.ts';
export { fieldErrors, messageFor } from './errors/form-errors.ts';
export { germanErrors } from './errors/german.ts';
export { type ErrorMessages, errorMessage, fieldMessages } from './errors/messages.ts';
export {
  type CaptchaReason,
  type ClientErrorCode,
  type ConflictReason,
  type ErrorReason,
  type FederatedReason,
  type FieldProblem,
  type ForbiddenReason,
  isPosternError,
  PosternError,
  type PosternErrorCode,
  type PosternErrorOf,
  posternErrorIn,
  type UnauthenticatedReason,
} from './errors/postern-error.ts';
export type {
  FederatedResult,
  LinkProposal,
  PendingSignUp,
  SignUpProposal,
  VisitOptions,
} from './federation/federated-operations.ts';
export type { ErrorCode } from './generated/enums.ts';
export type * from './generated/operations.ts';
export { createPosternClient, type PasskeyOptions, PosternClient } from './postern-client.ts';
export type { CaptchaOptions, RequestOptions } from './requests.ts';
export type { PosternSession } from './session/session.ts';
export type { SessionEvents } from './session/session-state.ts';
export type { SessionEndReason } from './session/tab-message.ts';
export type { TokenStorage } from './session/token-storage.ts';
export type { MfaChallenge, SignedIn } from './signed-in.ts';
export type { PosternDocument } from './transport.ts';
