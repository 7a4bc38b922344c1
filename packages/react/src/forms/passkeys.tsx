/** The passkeys of the user: lists, adds, renames and removes them. */
import type { OwnPasskeyFragment } from '@postern/client';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { usePasskeys } from '../account/use-passkeys.ts';
import { english } from '../messages/en/passkeys.tsx';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { BackupCodesOnce } from './backup-codes-once.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { AddPasskey, RemovePasskey, RenamePasskey } from './passkey-dialogs.tsx';
import { PasskeyRow } from './passkey-row.tsx';
import { usePasskeySupport } from './use-passkey-support.ts';

export interface PasskeysProps extends Omit<FormPartProps<'passkeys'>, 'level'> {
  /** After a passkey was added. */
  onDone?: (() => void) | undefined;
}

type Open = { dialog: 'add' } | { dialog: 'rename' | 'remove'; passkey: OwnPasskeyFragment } | null;

export function Passkeys({ className, messages, onDone }: PasskeysProps) {
  const texts = useTexts('passkeys', english, messages);
  const { passkeys, error, reload, add, rename, remove } = usePasskeys();
  const hasPasskeys = useSession().viewer?.mfa.methods.includes('PASSKEY') ?? false;
  const isSupported = usePasskeySupport() !== false;
  const [open, setOpen] = useState<Open>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const close = () => setOpen(null);
  const addOne = async (name: string) => {
    const { backupCodes } = await add(name);
    setCodes(backupCodes);
    onDone?.();
  };
  const addButton = isSupported && (
    <Button size="small" icon={Plus} onClick={() => setOpen({ dialog: 'add' })}>
      {texts.add}
    </Button>
  );
  return (
    <Panel part="passkeys" className={className} title={texts.title} lead={texts.lead} action={addButton}>
      {error !== null && <LoadFailure error={error} retry={reload} />}
      {passkeys === null && error === null && <Skeleton shape={hasPasskeys ? 'rows' : 'empty'} count={1} />}
      {passkeys?.length === 0 && (
        <EmptyState icon={FingerprintPattern} title={texts.empty}>
          {isSupported ? undefined : texts.unsupported}
        </EmptyState>
      )}
      {passkeys !== null && passkeys.length > 0 && (
        <ul className="rows">
          {passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              texts={texts}
              rename={() => setOpen({ dialog: 'rename', passkey })}
              remove={() => setOpen({ dialog: 'remove', passkey })}
            />
          ))}
        </ul>
      )}
      {open?.dialog === 'add' && <AddPasskey texts={texts} add={addOne} onClose={close} />}
      {open?.dialog === 'rename' && (
        <RenamePasskey texts={texts} passkey={open.passkey} rename={rename} onClose={close} />
      )}
      {open?.dialog === 'remove' && (
        <RemovePasskey texts={texts} passkey={open.passkey} remove={remove} onClose={close} />
      )}
      {codes !== null && codes.length > 0 && <BackupCodesOnce codes={codes} onDone={() => setCodes(null)} />}
    </Panel>
  );
}
