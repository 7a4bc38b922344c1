/** The dialogs of the providers: a new one, a change, deletion. Each needs a recent sign-in. */
import { useStepUp } from '@postern/react';
import {
  Button,
  Dialog,
  Field,
  type FormValues,
  ReasonDialog,
  Select,
  SubmitButton,
  useToast,
} from '@postern/react/ui';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import {
  CreateProviderDocument,
  DeleteProviderDocument,
  type FederatedProviderKind,
  type ManagedProviderFragment,
  UpdateProviderDocument,
} from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { policyOf } from './policy.ts';
import { PolicyFields, policyIn, SecretFields, secretIn } from './provider-fields.tsx';

interface Closing {
  onClose: () => void;
}

const kinds: readonly FederatedProviderKind[] = ['OIDC', 'GOOGLE', 'MICROSOFT', 'APPLE', 'GITHUB', 'OAUTH2'];
/** Their issuer is known. */
const known: readonly FederatedProviderKind[] = ['GOOGLE', 'APPLE', 'GITHUB'];
const endpoints = ['authorization', 'token', 'user'] as const;

export function CreateProviderDialog({ onClose }: Closing) {
  const { providers: texts } = useMessages();
  const [kind, setKind] = useState<FederatedProviderKind>('OIDC');
  const run = useProviderChange();
  const toast = useToast();
  const submit = async (values: FormValues) => {
    const text = (name: string) => values.text(name).trim();
    const [authorization, token, user] = endpoints.map((name) => text(`endpoints.${name}`));
    const input = {
      ...{ kind, slug: text('slug'), displayName: text('displayName'), clientId: text('clientId') },
      issuer: text('issuer') || null,
      endpoints: authorization && token && user ? { authorization, token, user } : null,
      ...secretIn(values),
      policy: policyIn(values, {}),
    };
    await run(() => client.request(CreateProviderDocument, { input }));
    toast(texts.created(input.displayName));
    onClose();
  };
  return (
    <ProviderDialog title={texts.create} action={texts.create} submit={submit} onClose={onClose}>
      <Select name="kind" label={texts.kind} value={kind} onChange={({ target }) => setKind(kindOf(target.value))}>
        {kinds.map((name) => (
          <option key={name} value={name}>
            {texts.kinds[name]}
          </option>
        ))}
      </Select>
      <Field name="slug" label={texts.slug} hint={texts.slugHint} autoComplete="off" required maxLength={32} />
      <Field name="displayName" label={texts.displayName} autoComplete="off" required maxLength={100} />
      {!known.includes(kind) && <Field name="issuer" type="url" label={texts.issuer} autoComplete="off" required />}
      {kind === 'OAUTH2' &&
        endpoints.map((name) => (
          <Field key={name} name={`endpoints.${name}`} type="url" label={texts.endpoints[name]} required />
        ))}
      <Field name="clientId" label={texts.clientId} autoComplete="off" required />
      <SecretFields kind={kind} isNew />
      <PolicyFields kind={kind} policy={{}} />
    </ProviderDialog>
  );
}

export function EditProviderDialog({ managed, onClose }: Closing & { managed: ManagedProviderFragment }) {
  const { providers: texts } = useMessages();
  const run = useProviderChange();
  const toast = useToast();
  const { id, displayName, kind } = managed.provider;
  const policy = policyOf(managed.settings);
  const submit = async (values: FormValues) => {
    const named = { displayName: values.text('displayName').trim(), clientId: values.text('clientId').trim() };
    const input = { id, ...named, ...secretIn(values), policy: policyIn(values, policy) };
    await run(() => client.request(UpdateProviderDocument, { input }));
    toast(texts.saved(named.displayName));
    onClose();
  };
  return (
    <ProviderDialog title={texts.editTitle(displayName)} action={texts.save} submit={submit} onClose={onClose}>
      <Field name="displayName" label={texts.displayName} defaultValue={displayName} required maxLength={100} />
      <Field name="clientId" label={texts.clientId} defaultValue={String(managed.settings.clientId ?? '')} required />
      <SecretFields kind={kind} isNew={false} />
      <PolicyFields kind={kind} policy={policy} />
    </ProviderDialog>
  );
}

export function DeleteProviderDialog({ managed, onClose }: Closing & { managed: ManagedProviderFragment }) {
  const { providers: texts } = useMessages();
  const run = useProviderChange();
  const toast = useToast();
  const { id, displayName } = managed.provider;
  const confirm = async () => {
    await run(() => client.request(DeleteProviderDocument, { input: { id } }));
    toast(texts.deleted(displayName));
  };
  return (
    <ReasonDialog
      title={texts.deleteTitle(displayName)}
      lead={texts.deleteLead}
      action={texts.deleteProvider}
      errorTexts={{ CONFLICT: texts.inUse }}
      reason="none"
      danger
      confirm={confirm}
      onClose={onClose}
    />
  );
}

interface ProviderDialogProps extends Closing {
  title: string;
  action: string;
  submit: (values: FormValues) => Promise<void>;
  children: ReactNode;
}

function ProviderDialog({ title, action, submit, onClose, children }: ProviderDialogProps) {
  const { providers: texts, invite } = useMessages();
  const footer = (
    <>
      <Button onClick={onClose}>{invite.cancel}</Button>
      <SubmitButton kind="primary">{action}</SubmitButton>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} submit={submit} errorTexts={{ CONFLICT: texts.taken }} footer={footer}>
      {children}
    </Dialog>
  );
}

function kindOf(text: string): FederatedProviderKind {
  return kinds.find((kind) => kind === text) ?? 'OIDC';
}

/** Runs a change after the step-up that it needs, then reads the providers again. */
export function useProviderChange() {
  const stepUp = useStepUp();
  const queries = useQueryClient();
  return async (change: () => Promise<unknown>): Promise<void> => {
    await stepUp.run(change);
    await queries.invalidateQueries({ queryKey: ['providers'] });
    void queries.invalidateQueries({ queryKey: ['audit'] });
  };
}
