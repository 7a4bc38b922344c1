/** The dialog for a new client secret. */
import { Button, Dialog, type FormValues, Select, SubmitButton } from '@postern/react/ui';
import { CreateClientSecretDocument } from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { client } from '../../session/client.ts';
import { useServiceAccountChanges } from './use-service-account-changes.ts';

export interface CreateClientSecretProps {
  serviceAccountId: string;
  onCreated: (secret: string) => void;
  onClose: () => void;
}

const daySeconds = 24 * 60 * 60;
const days = [30, 90, 365];

export function CreateClientSecret({ serviceAccountId, onCreated, onClose }: CreateClientSecretProps) {
  const texts = useServiceAccountTexts();
  const { invite } = useMessages();
  const { issue } = useServiceAccountChanges();
  const inDays = new Intl.NumberFormat(useLocale(), { style: 'unit', unit: 'day', unitDisplay: 'long' });
  const submit = async (values: FormValues) => {
    const life = values.text('expiresIn');
    const input = { serviceAccountId, expiresIn: life === '' ? null : Number(life) };
    const secret = await issue(
      async () => (await client.request(CreateClientSecretDocument, { input })).createClientSecret,
    );
    onCreated(secret);
    onClose();
  };
  const footer = (
    <>
      <Button onClick={onClose}>{invite.cancel}</Button>
      <SubmitButton kind="primary">{texts.createSecret}</SubmitButton>
    </>
  );
  return (
    <Dialog
      title={texts.createSecretTitle}
      lead={texts.createSecretLead}
      onClose={onClose}
      submit={submit}
      errorTexts={{ CONFLICT: texts.tooManySecrets }}
      footer={footer}
    >
      <Select name="expiresIn" label={texts.life} defaultValue={365 * daySeconds}>
        {days.map((count) => (
          <option key={count} value={count * daySeconds}>
            {inDays.format(count)}
          </option>
        ))}
        <option value="">{texts.forever}</option>
      </Select>
    </Dialog>
  );
}
