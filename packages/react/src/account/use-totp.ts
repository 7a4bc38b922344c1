/** The authenticator app and the backup codes of the user. */
import type { PosternClient } from '@postern/client';
import { useMemo } from 'react';
import { usePostern } from '../provider/postern-context.ts';
import { useSession } from '../session/use-session.ts';

/** The secret of an authenticator app. Show it, and keep it nowhere else. */
export type TotpEnrollment = Awaited<ReturnType<PosternClient['beginTotpEnrollment']>>;

export interface UseTotp {
  /** The user has an authenticator app. */
  isEnabled: boolean;
  backupCodesRemaining: number;
  begin: () => Promise<TotpEnrollment>;
  /** @returns the backup codes, once. Empty when the user had some */
  confirm: (code: string) => Promise<readonly string[]>;
  /** @param code of the app, or a backup code */
  disable: (code: string) => Promise<void>;
  /** @returns new backup codes, once. The old ones are invalid */
  regenerateBackupCodes: (code: string) => Promise<readonly string[]>;
}

export function useTotp(): UseTotp {
  const { client, session, stepUp } = usePostern();
  const { viewer } = useSession();
  const actions = useMemo(
    () => ({
      begin: () => stepUp.run(() => client.beginTotpEnrollment()),
      confirm: async (code: string) => {
        const { backupCodes } = await stepUp.run(() => client.confirmTotpEnrollment({ code }));
        await session.reload();
        return backupCodes ?? [];
      },
      disable: async (code: string) => session.signedIn((await stepUp.run(() => client.disableTotp({ code }))).viewer),
      regenerateBackupCodes: async (code: string) => {
        const { backupCodes } = await stepUp.run(() => client.regenerateBackupCodes({ code }));
        await session.reload();
        return backupCodes;
      },
    }),
    [client, session, stepUp],
  );
  const mfa = viewer?.mfa;
  return {
    isEnabled: mfa?.methods.includes('TOTP') ?? false,
    backupCodesRemaining: mfa?.backupCodesRemaining ?? 0,
    ...actions,
  };
}
