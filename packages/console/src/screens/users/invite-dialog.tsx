/** Invites a user by mail. */
import { useStepUp } from '@postern/react';
import { Button, Dialog, Field, type FormValues, Select, SubmitButton, useToast } from '@postern/react/ui';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { operation } from '../../data/operation.ts';
import { InviteUserDocument, RolesDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { usePermissions, useViewer } from '../../session/viewer.ts';
import { mayGrant } from '../../user-actions/rules.ts';

const ordinaryRole = 'USER';

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const { invite, users } = useMessages();
  const queries = useQueryClient();
  const stepUp = useStepUp();
  const toast = useToast();
  const submit = async (values: FormValues) => {
    const displayName = values.text('displayName').trim() || null;
    const input = { email: values.text('email').trim(), displayName, role: values.text('role') || ordinaryRole };
    await stepUp.run(() => client.request(InviteUserDocument, { input }));
    toast(invite.done(input.email));
    void queries.invalidateQueries({ queryKey: ['users'] });
    onClose();
  };
  return (
    <Dialog
      title={invite.title}
      lead={invite.lead}
      onClose={onClose}
      submit={submit}
      fieldOf={{ EMAIL_TAKEN: 'email' }}
      footer={
        <>
          <Button onClick={onClose}>{invite.cancel}</Button>
          <SubmitButton kind="primary">{users.invite}</SubmitButton>
        </>
      }
    >
      <Field name="email" label={invite.email} type="email" autoComplete="off" required maxLength={254} />
      <Field name="displayName" label={invite.name} autoComplete="off" maxLength={100} />
      <RoleChoice />
    </Dialog>
  );
}

/** Without `roles:assign`, everyone invited has the role USER. */
function RoleChoice() {
  const { users } = useMessages();
  const viewer = useViewer();
  const may = usePermissions();
  const mayChoose = may.has('roles:assign') && may.has('roles:read');
  const { data } = useQuery({ ...operation('roles', RolesDocument, {}), enabled: mayChoose });
  const roles = (data?.roles ?? []).filter((role) => mayGrant(viewer, role));
  return (
    <Select name="role" label={users.role} defaultValue={ordinaryRole} key={roles.length}>
      {roles.length === 0 && <option>{ordinaryRole}</option>}
      {roles.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
