/** Asks before an administrative action: what it does, by number, and why it is done. */
import { PosternError } from '@postern/client';
import { useStepUp } from '@postern/react';
import { Field, type FormValues, ReasonDialog, useToast } from '@postern/react/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { operation } from '../data/operation.ts';
import { type UserDetailFragment, UserDocument } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';
import { nameOf } from '../session/viewer.ts';
import { Effects } from './effects.tsx';
import { requests } from './requests.ts';
import { RoleField } from './role-field.tsx';
import { type ActionName, endsAccess } from './rules.ts';

export interface ActionDialogProps {
  name: ActionName;
  userId: string;
  onClose: () => void;
}

const withReason: ReadonlySet<ActionName> = new Set(['suspend', 'delete', 'changeRole', 'resetFactors']);

export function ActionDialog({ userId, ...props }: ActionDialogProps) {
  const { data } = useQuery(operation('user', UserDocument, { id: userId }));
  return data?.user ? <LoadedDialog user={data.user} {...props} /> : null;
}

interface LoadedDialogProps extends Omit<ActionDialogProps, 'userId'> {
  user: UserDetailFragment;
}

function LoadedDialog({ name, user: loaded, onClose }: LoadedDialogProps) {
  const { actions } = useMessages();
  // The dialog keeps describing the user as they were before the action.
  const [user] = useState(loaded);
  const [role, setRole] = useState(user.role.name);
  const queries = useQueryClient();
  const stepUp = useStepUp();
  const toast = useToast();
  const texts = actions[name];
  const subject = {
    name: nameOf(user),
    sessions: user.sessions.totalCount,
    role,
    isInvited: user.status === 'INVITED',
  };

  const confirm = async (reason: string | null, values: FormValues) => {
    if (name === 'delete' && values.text('address').trim().toLowerCase() !== user.email.toLowerCase())
      throw wrongAddress(actions.delete.otherAddress);
    const changed = await stepUp.run(() => requests[name]({ userId: user.id, reason, role }));
    queries.setQueryData(operation('user', UserDocument, { id: user.id }).queryKey, { user: changed });
    toast(texts.done(subject));
    // Not awaited: the dialog closes now, and the lists follow.
    void queries.invalidateQueries({ predicate: ({ queryKey: [key] }) => key !== 'user' && key !== 'viewer' });
  };
  return (
    <ReasonDialog
      title={texts.title(subject)}
      lead={texts.lead}
      action={texts.submit(subject)}
      danger={endsAccess(name)}
      reason={withReason.has(name) ? 'required' : 'optional'}
      confirm={confirm}
      onClose={onClose}
    >
      {name === 'changeRole' && <RoleField user={user} value={role} onChange={setRole} />}
      <Effects effects={texts.effects(subject)} />
      {name === 'delete' && (
        <Field name="address" label={actions.delete.address(user.email)} autoComplete="off" required maxLength={254} />
      )}
    </ReasonDialog>
  );
}

function wrongAddress(message: string): PosternError {
  return new PosternError('BAD_USER_INPUT', message, {
    fields: [{ path: 'address', code: 'OTHER_ADDRESS', message }],
  });
}
