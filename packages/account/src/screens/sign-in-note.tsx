/** Why the user sees the sign-in page: above its card. */
import { useSession } from '@postern/react';
import { Note, Time } from '@postern/react/ui';
import { useTexts } from '../messages/languages.ts';
import { notedDeletion } from '../session/deletion.ts';

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
      <Note role="status" title={texts.deleted}>
        {texts.deletedHint(<Time at={erasedAt} />)}
      </Note>
    );
  if (reason === null || reason === 'REPLACED') return null;
  return <Note role="status" title={reason === 'SIGNED_OUT' ? texts.signedOut : texts.sessionEnded} />;
}
