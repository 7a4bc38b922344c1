/** Says that the account is deleted, and when its data is erased. */
import { Note, Time } from '@postern/react/ui';
import { useTexts } from '../messages/languages.ts';

export default function DeletedNote({ erasedAt }: { erasedAt: string }) {
  const texts = useTexts();
  return (
    <Note role="status" title={texts.deleted}>
      {texts.deletedHint(<Time at={erasedAt} />)}
    </Note>
  );
}
