/** Export of the stored data, and the end of the account. */
import { DeleteAccount, ExportData } from '@postern/react/forms';
import { PageHead } from '@postern/react/ui';
import { useTexts } from '../messages/languages.ts';
import { noteDeletion } from '../session/deletion.ts';

export default function DataScreen() {
  const texts = useTexts();
  return (
    <>
      <PageHead title={texts.titles.data} lead={texts.dataLead} />
      <ExportData />
      <DeleteAccount onDone={({ purgeAt }) => noteDeletion(purgeAt)} />
    </>
  );
}
