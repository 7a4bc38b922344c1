/** Asks before a service account is suspended, reactivated or deleted: what it does, and why it is done. */
import { ReasonDialog, useToast } from '@postern/react/ui';
import {
  DeleteServiceAccountDocument,
  ReactivateServiceAccountDocument,
  type ServiceAccountDetailFragment,
  SuspendServiceAccountDocument,
} from '../../generated/operations.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { client } from '../../session/client.ts';
import { Effects } from '../../user-actions/effects.tsx';
import type { ChangeName } from './rules.ts';
import { useServiceAccountChanges } from './use-service-account-changes.ts';

type Send = (input: { id: string; reason: string | null }) => Promise<unknown>;

const requests: Readonly<Record<ChangeName, Send>> = {
  suspend: (input) => client.request(SuspendServiceAccountDocument, { input }),
  reactivate: (input) => client.request(ReactivateServiceAccountDocument, { input }),
  delete: (input) => client.request(DeleteServiceAccountDocument, { input }),
};

export interface StateDialogProps {
  name: ChangeName;
  account: ServiceAccountDetailFragment;
  onClose: () => void;
}

export function StateDialog({ name, account, onClose }: StateDialogProps) {
  const { change } = useServiceAccountChanges();
  const toast = useToast();
  const texts = useServiceAccountTexts().changes[name];
  const confirm = async (reason: string | null) => {
    await change(() => requests[name]({ id: account.id, reason }));
    toast(texts.done(account.name));
  };
  return (
    <ReasonDialog
      title={texts.title(account.name)}
      lead={texts.lead}
      action={texts.submit}
      danger={name !== 'reactivate'}
      reason={name === 'reactivate' ? 'optional' : 'required'}
      confirm={confirm}
      onClose={onClose}
    >
      <Effects effects={texts.effects} />
    </ReasonDialog>
  );
}
