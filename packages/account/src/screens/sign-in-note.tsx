/** Why the user sees the sign-in page: above its card. */
import { useSession } from '@postern/react';
import { Note } from '@postern/react/ui';
import { lazy, Suspense } from 'react';
import { useTexts } from '../messages/languages.ts';
import { notedDeletion } from '../session/deletion.ts';

/** Seen once in the life of an account. */
const DeletedNote = lazy(() => import('./deleted-note.tsx'));

export function SignInNote({ returnIgnored }: { returnIgnored: boolean }) {
  const texts = useTexts();
  const { reason } = useSession();
  const erasedAt = notedDeletion();
  if (returnIgnored)
    return (
      <Note kind="warn" title={texts.returnIgnored}>
        {texts.returnIgnoredHint}
      </Note>
    );
  if (erasedAt !== null)
    return (
      <Suspense fallback={null}>
        <DeletedNote erasedAt={erasedAt} />
      </Suspense>
    );
  if (reason === null || reason === 'REPLACED') return null;
  return <Note role="status" title={reason === 'SIGNED_OUT' ? texts.signedOut : texts.sessionEnded} />;
}
