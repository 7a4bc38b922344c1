/** What a failed query shows in place of its content. A refusal is an ordinary state: it says which permission is missing. */
import { isPosternError, messageFor } from '@postern/client';
import CloudOff from 'lucide-react/icons/cloud-off';
import LockKeyhole from 'lucide-react/icons/lock-keyhole';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import ShieldPlus from 'lucide-react/icons/shield-plus';
import UserCheck from 'lucide-react/icons/user-check';
import { useLocale, useMessages } from '../messages/messages.ts';
import { accountAddress } from '../session/addresses.ts';
import { goToSignIn } from '../session/sign-in.ts';
import { EmptyState } from './empty-state.tsx';

export interface FailureProps {
  error: unknown;
  /** Repeats the query. */
  onRetry: () => void;
}

export function Failure({ error, onRetry }: FailureProps) {
  const { failure } = useMessages();
  const locale = useLocale();
  const retry = (
    <button className="btn" type="button" onClick={onRetry}>
      {failure.tryAgain}
    </button>
  );
  if (isPosternError(error, 'FORBIDDEN')) return <Forbidden permission={error.requiredPermission} />;
  if (isPosternError(error, 'MFA_ENROLLMENT_REQUIRED')) return <EnrolmentNeeded />;
  if (isPosternError(error, 'REAUTHENTICATION_REQUIRED', 'UNAUTHENTICATED'))
    return (
      <EmptyState
        icon={UserCheck}
        title={failure.confirm}
        isAlert
        action={
          <button className="btn" type="button" onClick={goToSignIn}>
            {failure.signInAgain}
          </button>
        }
      >
        <p>{failure.confirmHint}</p>
      </EmptyState>
    );
  if (isPosternError(error, 'NO_ANSWER'))
    return (
      <EmptyState icon={CloudOff} title={failure.unreachable} isAlert action={retry}>
        <p>{failure.unreachableHint}</p>
      </EmptyState>
    );
  return (
    <EmptyState icon={ShieldAlert} title={failure.failed} isAlert action={retry}>
      <p>{messageFor(error, locale)}</p>
      {isPosternError(error) && error.requestId !== null && (
        <p className="subtle mono">{failure.request(error.requestId)}</p>
      )}
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
    <EmptyState icon={LockKeyhole} title={page ? failure.forbiddenPage(page) : failure.forbidden}>
      <p>{permission === null ? failure.network : failure.needs(permission)}</p>
      {permission !== null && <p>{failure.forbiddenHint}</p>}
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
      <p>{failure.enrolHint}</p>
    </EmptyState>
  );
}
