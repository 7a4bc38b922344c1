/** The fields that a new webhook and a changed one share. Their names are the paths of the input. */
import { Check, Field, type FormValues } from '@postern/react/ui';
import type { WebhookRowFragment } from '../../generated/operations.ts';
import { useWebhookTexts } from '../../messages/webhooks/texts.ts';
import { choosableEvents, eventName } from './event-names.ts';

export function WebhookFields({ webhook }: { webhook: WebhookRowFragment | null }) {
  const texts = useWebhookTexts();
  return (
    <>
      <Field
        name="url"
        type="url"
        label={texts.url}
        hint={texts.urlHint}
        defaultValue={webhook?.url}
        autoComplete="off"
        required
        maxLength={2048}
      />
      <Field
        name="description"
        label={texts.description}
        defaultValue={webhook?.description ?? ''}
        autoComplete="off"
        maxLength={100}
      />
      <fieldset className="field" name="events" tabIndex={-1}>
        <legend className="label">{texts.events}</legend>
        <div className="choices">
          {choosableEvents.map((type) => (
            <Check key={type} name={`events.${type}`} defaultChecked={webhook?.events.includes(type) ?? false}>
              <span className="mono">{eventName(type)}</span>
            </Check>
          ))}
        </div>
      </fieldset>
      <Check name="includeProfile" defaultChecked={webhook?.includeProfile ?? false}>
        {texts.includeProfile}
      </Check>
    </>
  );
}

export function webhookIn(values: FormValues) {
  return {
    url: values.text('url').trim(),
    description: values.text('description').trim(),
    events: choosableEvents.filter((type) => values.isChecked(`events.${type}`)),
    includeProfile: values.isChecked('includeProfile'),
  };
}
