/** The phones of the user: lists, adds, replaces and removes them, and makes them a second step. */
import type { OwnPhoneFragment } from '@postern/client';
import MessageSquare from 'lucide-react/icons/message-square';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { usePhones } from '../account/use-phones.ts';
import { english } from '../messages/en/phones.tsx';
import { useTexts } from '../messages/use-texts.ts';
import type { Viewer } from '../session/session-store.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { LoadFailure } from '../ui/load-failure.tsx';
import { Panel } from '../ui/panel.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import type { FormPartProps } from './form-parts.tsx';
import { AddPhone, RemovePhone, ReplacePhone, SwitchPhone } from './phone-dialogs.tsx';
import { PhoneRow } from './phone-row.tsx';

export interface PhonesProps extends Omit<FormPartProps<'phones'>, 'level'> {
  /** After a phone was verified. */
  onDone?: (() => void) | undefined;
}

type Open = { dialog: 'add' } | { dialog: 'replace' | 'switch' | 'remove'; phone: OwnPhoneFragment } | null;

/** Renders nothing when the operator sends no text messages, or when the user may not have phones. */
export function Phones(props: PhonesProps) {
  const { viewer } = useSession();
  if (!viewer?.permissions.includes('mfa:own')) return null;
  // The gateway asks for the factor first.
  if (viewer.mfa.required && !viewer.mfa.enabled) return null;
  return <OwnPhones mfa={viewer.mfa} {...props} />;
}

function OwnPhones({ mfa, className, messages, onDone }: PhonesProps & { mfa: Viewer['mfa'] }) {
  const texts = useTexts('phones', english, messages);
  const { phones, rules, error, reload, begin, confirm, remove } = usePhones();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const hasOther = mfa.methods.some((method) => method === 'TOTP' || method === 'PASSKEY');
  const mayBeFactor = rules?.factor === true && hasOther;
  const isKnown = mfa.methods.includes('SMS_CODE');
  if (phones === null && error === null && !isKnown) return null;
  if (phones?.length === 0 && rules === null) return null;

  const confirmOne = async (phone: Parameters<typeof confirm>[0]) => {
    await confirm(phone);
    onDone?.();
  };
  const dialog = { texts, rules, onClose: close, begin, confirm: confirmOne };
  const isFull = phones !== null && rules !== null && phones.length >= rules.maximum;
  const lead = rules?.factor && !hasOther ? `${texts.lead} ${texts.needsOther}` : texts.lead;
  const addButton = phones !== null && rules !== null && (
    <Button
      size="small"
      icon={Plus}
      disabledReason={isFull ? texts.full : null}
      onClick={() => setOpen({ dialog: 'add' })}
    >
      {texts.add}
    </Button>
  );
  return (
    <Panel part="phones" className={className} title={texts.title} lead={lead} action={addButton}>
      {error !== null && <LoadFailure error={error} retry={reload} />}
      {phones === null && error === null && <Skeleton shape="rows" count={1} />}
      {phones?.length === 0 && <EmptyState icon={MessageSquare} title={texts.empty} />}
      {phones !== null && phones.length > 0 && (
        <ul className="rows">
          {phones.map((phone) => (
            <PhoneRow
              key={phone.id}
              phone={phone}
              texts={texts}
              // Turning it off needs a code as well, so it needs the messages.
              change={rules && (mayBeFactor || phone.factor) ? () => setOpen({ dialog: 'switch', phone }) : null}
              replace={rules && (() => setOpen({ dialog: 'replace', phone }))}
              remove={() => setOpen({ dialog: 'remove', phone })}
            />
          ))}
        </ul>
      )}
      {open?.dialog === 'add' && <AddPhone {...dialog} mayBeFactor={mayBeFactor} />}
      {open?.dialog === 'switch' && <SwitchPhone {...dialog} phone={open.phone} />}
      {open?.dialog === 'replace' && <ReplacePhone {...dialog} phone={open.phone} remove={remove} />}
      {open?.dialog === 'remove' && <RemovePhone texts={texts} phone={open.phone} remove={remove} onClose={close} />}
    </Panel>
  );
}
