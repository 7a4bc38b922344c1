/** Addresses without a page, and pages that cannot be drawn. */
import { EmptyState } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import Bug from 'lucide-react/icons/bug';
import MapPinOff from 'lucide-react/icons/map-pin-off';
import { useMessages } from '../messages/messages.ts';

export function NotFound() {
  const { failure } = useMessages();
  return (
    <EmptyState
      icon={MapPinOff}
      title={failure.notFound}
      action={
        <Link className="btn" to="/">
          {failure.notFoundAction}
        </Link>
      }
    />
  );
}

export function Crashed() {
  const { failure } = useMessages();
  return (
    <EmptyState
      icon={Bug}
      title={failure.crashed}
      action={
        <button className="btn" type="button" onClick={() => window.location.reload()}>
          {failure.reload}
        </button>
      }
    />
  );
}
