/** The page that a provider returns to: completes the visit, and shows what the sign-in still needs or why it failed. */
import { type FederatedReason, isPosternError, type OwnIdentityFragment, type SignedIn } from '@postern/client';
import { type ReactNode, useEffect, useState } from 'react';
import { english } from '../messages/en/provider-return.ts';
import type { Messages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import type { VisitResult } from '../sign-in/sign-in-store.ts';
import { useSignIn } from '../sign-in/use-sign-in.ts';
import { ErrorSummary } from '../ui/error-summary.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type FormPartProps, GateForm } from './form-parts.tsx';
import { SignIn } from './sign-in.tsx';
import { useDone } from './use-done.ts';

export interface ProviderReturnProps extends FormPartProps<'providerReturn'> {
  onDone?: ((signedIn: SignedIn) => void) | undefined;
  /** After a visit that linked an account. */
  onLinked?: ((identities: OwnIdentityFragment[]) => void) | undefined;
  /** A link to the sign-in, shown when it has failed. */
  back?: ReactNode;
}

export function ProviderReturn({ className, messages, level, onDone, onLinked, back }: ProviderReturnProps) {
  const texts = useTexts('providerReturn', english, messages);
  const signIn = useSignIn();
  const { completeVisit } = signIn;
  const [outcome, setOutcome] = useState<{ result: VisitResult } | null>(null);
  const identities = Array.isArray(outcome?.result) ? outcome.result : null;
  useDone(identities, onLinked);
  useDone(signIn.step === 'done' ? signIn.signedIn : null, onDone);

  useEffect(() => {
    const { href, pathname } = location;
    let isShown = true;
    void completeVisit(href).then((result) => isShown && setOutcome({ result }));
    // The code is of no use twice, and does not belong into the history.
    history.replaceState(history.state, '', pathname);
    return () => {
      isShown = false;
    };
  }, [completeVisit]);

  if (signIn.step !== 'credentials') return <SignIn className={className} level={level} />;
  const isOver = outcome !== null && identities === null;
  return (
    <GateForm part="provider-return" className={className} title={isOver ? texts.failed : texts.title} level={level}>
      {!isOver && <Skeleton />}
      {isOver && signIn.error !== null && (
        <ErrorSummary error={signIn.error} texts={{ FEDERATED_LOGIN_FAILED: reasonText(signIn.error, texts) }} />
      )}
      {isOver && signIn.error === null && <p>{texts.notReturned}</p>}
      {isOver && back}
    </GateForm>
  );
}

function reasonText(error: unknown, { reasons, failed }: Messages['providerReturn']): string {
  const reason = isPosternError(error, 'FEDERATED_LOGIN_FAILED') ? error.reason : null;
  return isReason(reason, reasons) ? reasons[reason] : failed;
}

function isReason(reason: string | null, reasons: Record<FederatedReason, string>): reason is FederatedReason {
  return reason !== null && reason in reasons;
}
