/** The password of the user, and the rules for passwords. */
import type {
  ChangePasswordInput,
  PosternClient,
  RequestPasswordResetInput,
  ResetPasswordInput,
  SetPasswordInput,
} from '@postern/client';
import { useCallback, useMemo } from 'react';
import { type Loaded, useLoaded } from '../loading/use-loaded.ts';
import { usePostern } from '../provider/postern-context.ts';

/** The rules for a new password. */
export type PasswordPolicy = Awaited<ReturnType<PosternClient['passwordPolicy']>>;

export function usePasswordPolicy(): Loaded<PasswordPolicy> {
  const { client } = usePostern();
  return useLoaded(useCallback(() => client.passwordPolicy(), [client]));
}

/** The account of a link that sets a password. @param token null: there is none yet */
export function usePasswordLink(token: string | null): Loaded<{ email: string } | null> {
  const { client } = usePostern();
  return useLoaded(useCallback(async () => (token === null ? null : client.passwordLink(token)), [client, token]));
}

/** How the user can sign in. */
export function useSignInMethods() {
  const { client } = usePostern();
  return useLoaded(useCallback(() => client.signInMethods(), [client]));
}

export interface UsePassword {
  /** Other sessions end. */
  change: (input: ChangePasswordInput) => Promise<{ revokedCount: number }>;
  /** For an account without a password. */
  set: (input: SetPasswordInput) => Promise<{ revokedCount: number }>;
  /** Mails a link. The answer is the same for an unknown address. */
  requestReset: (input: RequestPasswordResetInput) => Promise<void>;
  /** With the token of the mail: also of an invitation. */
  reset: (input: ResetPasswordInput) => Promise<void>;
}

export function usePassword(): UsePassword {
  const { client, stepUp, captcha } = usePostern();
  return useMemo(
    () => ({
      change: (input) => stepUp.run(() => client.changePassword(input)),
      set: (input) => stepUp.run(() => client.setPassword(input)),
      requestReset: async (input) => {
        await captcha.run('PASSWORD_RESET', (options) => client.requestPasswordReset(input, options));
      },
      reset: async (input) => {
        await client.resetPassword(input);
      },
    }),
    [client, stepUp, captcha],
  );
}
