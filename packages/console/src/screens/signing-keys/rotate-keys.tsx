/** Lets the next key sign. A key that verifiers may not have fetched yet cannot sign: the button then says until when. */
import { useStepUp } from '@postern/react';
import { Button, ReasonDialog, useToast } from '@postern/react/ui';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { operation } from '../../data/operation.ts';
import { type KeyStateFragment, RotateSigningKeysDocument, SigningKeysDocument } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { shortTime } from '../../parts/times.ts';
import { client } from '../../session/client.ts';
import { usePermissions } from '../../session/viewer.ts';
import { Effects } from '../../user-actions/effects.tsx';

export function RotateKeys({ keys }: { keys: readonly KeyStateFragment[] }) {
  const { signingKeys: texts } = useMessages();
  const locale = useLocale();
  const [isOpen, setOpen] = useState(false);
  if (!usePermissions().has('signing-keys:write')) return null;
  const from = keys.find(({ state }) => state === 'next')?.promotableAt ?? null;
  const isEarly = from !== null && new Date(from) > new Date();
  return (
    <>
      <Button
        kind="primary"
        disabledReason={isEarly ? texts.tooEarly(shortTime(new Date(from), locale, new Date())) : null}
        onClick={() => setOpen(true)}
      >
        {texts.rotate}
      </Button>
      {isOpen && <RotateDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function RotateDialog({ onClose }: { onClose: () => void }) {
  const { signingKeys: texts } = useMessages();
  const locale = useLocale();
  const queries = useQueryClient();
  const stepUp = useStepUp();
  const toast = useToast();
  const confirm = async (reason: string | null) => {
    const { rotateSigningKeys } = await stepUp.run(() =>
      client.request(RotateSigningKeysDocument, { input: { reason } }),
    );
    const { keys, promoted, promotableAt } = rotateSigningKeys;
    queries.setQueryData(operation('signing-keys', SigningKeysDocument, {}).queryKey, { signingKeys: keys });
    const time = promotableAt === null ? '' : shortTime(new Date(promotableAt), locale, new Date());
    toast(promoted ? texts.done : texts.tooEarly(time));
    void queries.invalidateQueries({ queryKey: ['audit'] });
  };
  return (
    <ReasonDialog
      title={texts.title}
      lead={texts.lead}
      action={texts.rotate}
      reason="optional"
      confirm={confirm}
      onClose={onClose}
    >
      <Effects effects={texts.effects} />
    </ReasonDialog>
  );
}
