/** Continues at the first page that the role opens; for a role without pages it names the permissions that open one. */
import { EmptyState } from '@postern/react/ui';
import { Navigate } from '@tanstack/react-router';
import LockKeyhole from 'lucide-react/icons/lock-keyhole';
import { useMessages } from '../../messages/messages.ts';
import { pagesFor } from '../../navigation.ts';
import { useViewer } from '../../session/viewer.ts';
import { PageHead } from '../../shell/page-head.tsx';

export function Home() {
  const { failure, shell } = useMessages();
  const [first] = pagesFor(useViewer().permissions);
  if (first) return <Navigate to={`/${first.name}`} replace />;
  return (
    <>
      <PageHead title={shell.console} />
      <EmptyState icon={LockKeyhole} title={failure.nothing}>
        {failure.nothingHint}
      </EmptyState>
    </>
  );
}
