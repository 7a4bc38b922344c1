/** The fields that a new provider and a changed one share. Their names are the paths of the input. */
import { Check, Field, type FormValues, Select, TextField } from '@postern/react/ui';
import type { FederatedPolicyInput, FederatedProviderKind } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { listIn } from './policy.ts';

interface KindProps {
  kind: FederatedProviderKind;
  /** A change keeps a secret that is left empty. */
  isNew: boolean;
}

export function SecretFields({ kind, isNew }: KindProps) {
  const { providers: texts } = useMessages();
  const hint = isNew ? undefined : texts.keepHint;
  if (kind !== 'APPLE')
    return (
      <Field
        name="clientSecret"
        type="password"
        autoComplete="off"
        label={texts.clientSecret}
        hint={hint}
        required={isNew && kind !== 'OIDC'}
      />
    );
  return (
    <>
      <Field name="appleKey.teamId" label={texts.teamId} autoComplete="off" required={isNew} hint={hint} />
      <Field name="appleKey.keyId" label={texts.keyId} autoComplete="off" required={isNew} />
      <TextField name="appleKey.privateKey" label={texts.privateKey} rows={6} spellCheck={false} required={isNew} />
    </>
  );
}

export function secretIn(values: FormValues) {
  const privateKey = values.text('appleKey.privateKey').trim();
  const clientSecret = values.text('clientSecret') || null;
  const named = { teamId: values.text('appleKey.teamId').trim(), keyId: values.text('appleKey.keyId').trim() };
  return { clientSecret, appleKey: privateKey === '' ? null : { ...named, privateKey } };
}

export function PolicyFields({ kind, policy }: { kind: FederatedProviderKind; policy: FederatedPolicyInput }) {
  const { providers: texts } = useMessages();
  return (
    <>
      <Select name="policy.linking" label={texts.linking} defaultValue={policy.linking ?? 'PROVE'}>
        <option value="PROVE">{texts.linkings.PROVE}</option>
        {(kind === 'GOOGLE' || kind === 'APPLE') && <option value="VERIFIED">{texts.linkings.VERIFIED}</option>}
        <option value="NEVER">{texts.linkings.NEVER}</option>
      </Select>
      <Check name="policy.signUp" defaultChecked={policy.signUp !== 'OFF'}>
        {texts.signUp}
      </Check>
      {(kind === 'OIDC' || kind === 'OAUTH2') && (
        <Check name="policy.trustsEmail" defaultChecked={policy.trustsEmail ?? false}>
          {texts.trustsEmail}
        </Check>
      )}
      {kind === 'MICROSOFT' && (
        <Field
          name="policy.allowedTenants"
          label={texts.tenants}
          hint={texts.listHint}
          defaultValue={policy.allowedTenants?.join(', ')}
        />
      )}
      <Field
        name="policy.allowedDomains"
        label={texts.domains}
        hint={texts.domainsHint}
        defaultValue={policy.allowedDomains?.join(', ')}
      />
    </>
  );
}

/** @param before members without a field stay as they are */
export function policyIn(values: FormValues, before: FederatedPolicyInput): FederatedPolicyInput {
  const linking = (['VERIFIED', 'NEVER'] as const).find((value) => value === values.text('policy.linking'));
  return {
    ...before,
    linking: linking ?? 'PROVE',
    signUp: values.isChecked('policy.signUp') ? 'ALLOW' : 'OFF',
    trustsEmail: values.isChecked('policy.trustsEmail'),
    allowedTenants: listIn(values.text('policy.allowedTenants')),
    allowedDomains: listIn(values.text('policy.allowedDomains')),
  };
}
