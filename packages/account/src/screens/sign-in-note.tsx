/** Why the user sees the sign-in page: above its card. */
import { useLanguage, useSession } from '@postern/react';
import { Note, Time } from '@postern/react/ui';
import { useTexts } from '../messages/languages.ts';
import { notedDeletion } from '../session/deletion.ts';

export function SignInNote({ returnIgnored }: { returnIgnored: boolean }) {
  const texts = useTexts();
  const { deleteAccount } = useLanguage().messages;
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
      <Note role="status" title={deleteAccount.doneTitle}>
        {deleteAccount.done(<Time at={erasedAt} />)}
      </Note>
    );
  if (reason === null || reason === 'REPLACED') return null;
  return <Note role="status" title={reason === 'SIGNED_OUT' ? texts.signedOut : texts.sessionEnded} />;
}
