/** The frame while the session is looked up: the same measures as the shell, so that nothing moves. */
import { useMessages } from '../messages/messages.ts';

export function ShellSkeleton() {
  const { shell } = useMessages();
  return (
    <div className="console" aria-busy="true">
      <div className="side" />
      <main className="main">
        <p className="vh" role="status">
          {shell.loading}
        </p>
      </main>
    </div>
  );
}
