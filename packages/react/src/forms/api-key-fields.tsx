/** The fields that a new API key and a changed one share. Their names are the paths of the input. */
import type { ApiKeyDetailFragment } from '@postern/client';
import CircleAlert from 'lucide-react/icons/circle-alert';
import type { FormMessages } from '../messages/messages.ts';
import { Check } from '../ui/check.tsx';
import { Field } from '../ui/field.tsx';
import type { FormValues } from '../ui/form.tsx';
import { useField } from '../ui/form-context.ts';
import { Icon } from '../ui/icon.tsx';

export interface ApiKeyFieldsProps {
  /** The permissions to choose from. */
  scopes: readonly string[];
  texts: FormMessages['apiKeys'];
  /** The key before the change. */
  before?: ApiKeyDetailFragment | undefined;
}

export function ApiKeyFields({ scopes, texts, before }: ApiKeyFieldsProps) {
  return (
    <>
      <Field
        name="name"
        label={texts.name}
        hint={texts.nameHint}
        defaultValue={before?.name}
        maxLength={100}
        autoComplete="off"
        required
      />
      <ScopesField scopes={scopes} texts={texts} isChecked={before !== undefined} />
      <Field
        name="ipAllowlist"
        label={texts.networks}
        hint={texts.networksHint}
        defaultValue={before?.ipAllowlist.join(', ')}
        autoComplete="off"
        spellCheck={false}
      />
      <Field
        name="limitPerMinute"
        type="number"
        inputMode="numeric"
        min={1}
        label={texts.limit}
        hint={before?.limitPerMinute == null ? texts.limitHint : texts.limitKept}
        defaultValue={before?.limitPerMinute ?? undefined}
        autoComplete="off"
      />
    </>
  );
}

/** @param scopes the permissions that were offered */
export function apiKeyChoicesIn(values: FormValues, scopes: readonly string[]) {
  const limit = values.text('limitPerMinute').trim();
  return {
    name: values.text('name').trim(),
    scopes: scopes.filter((scope) => values.isChecked(boxOf(scope))),
    ipAllowlist: values
      .text('ipAllowlist')
      .split(/[\s,]+/)
      .filter((network) => network !== ''),
    limitPerMinute: limit === '' ? null : Number(limit),
  };
}

interface ScopesFieldProps extends Pick<ApiKeyFieldsProps, 'scopes' | 'texts'> {
  isChecked: boolean;
}

function ScopesField({ scopes, texts, isChecked }: ScopesFieldProps) {
  const { id, error } = useField('scopes', undefined, undefined);
  const hintId = `${id}-hint`;
  return (
    <fieldset className="field" name="scopes" id={id} aria-describedby={hintId} tabIndex={-1} data-part="field">
      <legend className="label">{texts.scopes}</legend>
      <div className="choices">
        {scopes.map((scope) => (
          <Check key={scope} name={boxOf(scope)} defaultChecked={isChecked}>
            <span className="mono">{scope}</span>
          </Check>
        ))}
      </div>
      <div id={hintId}>
        {error !== null && (
          <p className="error">
            <Icon of={CircleAlert} />
            <span>{error}</span>
          </p>
        )}
        <p className="hint">{isChecked ? texts.scopesKept : texts.scopesHint}</p>
      </div>
    </fieldset>
  );
}

/** The field `scopes` is the whole group. */
function boxOf(scope: string): string {
  return `scopes.${scope}`;
}
