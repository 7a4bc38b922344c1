/** The dialog for a new service account. Its page, where keys are made, opens next. */
import { Button, Dialog, Field, type FormValues, Select, SubmitButton } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { operation } from '../../data/operation.ts';
import { CreateServiceAccountDocument, RolesDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { client } from '../../session/client.ts';
import { usePermissions, useViewer } from '../../session/viewer.ts';
import { mayManage } from '../service-account/rules.ts';
import { useServiceAccountChanges } from '../service-account/use-service-account-changes.ts';

export function CreateServiceAccount({ onClose }: { onClose: () => void }) {
  const texts = useServiceAccountTexts();
  const { invite } = useMessages();
  const navigate = useNavigate();
  const { change } = useServiceAccountChanges();
  const submit = async (values: FormValues) => {
    const input = { name: values.text('name').trim(), role: values.text('role').trim() };
    const { createServiceAccount } = await change(() => client.request(CreateServiceAccountDocument, { input }));
    onClose();
    await navigate({ to: '/service-accounts/$id', params: { id: createServiceAccount.serviceAccount.id } });
  };
  const footer = (
    <>
      <Button onClick={onClose}>{invite.cancel}</Button>
      <SubmitButton kind="primary">{texts.create}</SubmitButton>
    </>
  );
  return (
    <Dialog
      title={texts.createTitle}
      lead={texts.createLead}
      onClose={onClose}
      submit={submit}
      fieldOf={{ CONFLICT: 'name' }}
      errorTexts={{ CONFLICT: texts.taken }}
      footer={footer}
    >
      <Field name="name" label={texts.name} hint={texts.nameHint} autoComplete="off" required maxLength={100} />
      <RoleField />
    </Dialog>
  );
}

/** Without `roles:read`, the name of the role is typed. */
function RoleField() {
  const texts = useServiceAccountTexts();
  const viewer = useViewer();
  const mayChoose = usePermissions().has('roles:read');
  const { data } = useQuery({ ...operation('roles', RolesDocument, {}), enabled: mayChoose });
  const roles = (data?.roles ?? []).filter((role) => mayManage(viewer, role));
  if (!mayChoose) return <Field name="role" label={texts.role} hint={texts.roleHint} autoComplete="off" required />;
  return (
    <Select name="role" label={texts.role} hint={texts.roleHint} key={roles.length}>
      {roles.map(({ name }) => (
        <option key={name}>{name}</option>
      ))}
    </Select>
  );
}
