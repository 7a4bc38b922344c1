/** What a failed query shows in place of its content. A refusal is an ordinary state: it says which permission is missing. */
import { isPosternError } from '@postern/client';
import { useStepUp } from '@postern/react';
import { Button, EmptyState, ErrorText } from '@postern/react/ui';
import CloudOff from 'lucide-react/icons/cloud-off';
import LockKeyhole from 'lucide-react/icons/lock-keyhole';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import ShieldPlus from 'lucide-react/icons/shield-plus';
import UserCheck from 'lucide-react/icons/user-check';
import { useMessages } from '../messages/messages.ts';
import { accountAddress } from '../session/addresses.ts';

export interface FailureProps {
  query: {
    error: unknown;
    refetch: (options?: { throwOnError?: boolean }) => Promise<unknown>;
  };
}

export function Failure({ query }: FailureProps) {
  const { error } = query;
  if (isPosternError(error, 'FORBIDDEN')) return <Forbidden permission={error.requiredPermission} />;
  if (isPosternError(error, 'MFA_ENROLLMENT_REQUIRED')) return <EnrolmentNeeded />;
  return (
    <div role="alert">
      {isPosternError(error, 'REAUTHENTICATION_REQUIRED') ? (
        <ProofNeeded query={query} />
      ) : (
        <Unanswered query={query} />
      )}
    </div>
  );
}

function Unanswered({ query: { error, refetch } }: FailureProps) {
  const { failure } = useMessages();
  const retry = <Button onClick={() => void refetch()}>{failure.tryAgain}</Button>;
  if (isPosternError(error, 'NO_ANSWER'))
    return (
      <EmptyState icon={CloudOff} title={failure.unreachable} action={retry}>
        {failure.unreachableHint}
      </EmptyState>
    );
  const requestId = isPosternError(error) ? error.requestId : null;
  return (
    <EmptyState icon={ShieldAlert} title={failure.failed} action={retry}>
      <ErrorText error={error} /> {requestId !== null && <span className="subtle">{failure.request(requestId)}</span>}
    </EmptyState>
  );
}

/** The step-up dialog, and the query once more. */
function ProofNeeded({ query: { refetch } }: FailureProps) {
  const { failure } = useMessages();
  const stepUp = useStepUp();
  const prove = () => stepUp.run(() => refetch({ throwOnError: true })).catch(() => undefined);
  return (
    <EmptyState
      icon={UserCheck}
      title={failure.confirm}
      action={<Button onClick={() => void prove()}>{failure.confirmAction}</Button>}
    >
      {failure.confirmHint}
    </EmptyState>
  );
}

export interface ForbiddenProps {
  /** Null: the permission is there, and something else is missing, such as the network. */
  permission: string | null;
  page?: string;
}

export function Forbidden({ permission, page }: ForbiddenProps) {
  const { failure } = useMessages();
  return (
    <EmptyState icon={LockKeyhole} title={page === undefined ? failure.forbidden : failure.forbiddenPage(page)}>
      {permission === null ? failure.network : failure.needs(permission)}
    </EmptyState>
  );
}

export function EnrolmentNeeded() {
  const { failure } = useMessages();
  return (
    <EmptyState
      icon={ShieldPlus}
      title={failure.enrol}
      action={
        <a className="btn primary" href={accountAddress('security')}>
          {failure.enrolAction}
        </a>
      }
    >
      {failure.enrolHint}
    </EmptyState>
  );
}
