/** One phone of the user in a list. */
import type { OwnPhoneFragment } from '@postern/client';
import MessageSquare from 'lucide-react/icons/message-square';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Dots, Row } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';

export interface PhoneRowProps {
  phone: OwnPhoneFragment;
  texts: Messages['phones'];
  /** Makes it a second step, or no longer one. Null: neither is possible. */
  change: (() => void) | null;
  replace: (() => void) | null;
  remove: () => void;
}

export function PhoneRow({ phone, texts, change, replace, remove }: PhoneRowProps) {
  const { locale } = useLanguage();
  const { maskedNumber: number, country, factor, verifiedAt } = phone;
  const title = (
    <>
      <bdi>{number}</bdi>
      {factor && <Chip>{texts.factor}</Chip>}
    </>
  );
  const actions = (
    <>
      {change && (
        <Button
          size="small"
          kind="ghost"
          aria-label={factor ? texts.stopOne(number) : texts.useOne(number)}
          onClick={change}
        >
          {factor ? texts.stop : texts.use}
        </Button>
      )}
      {replace && (
        <Button size="small" aria-label={texts.replaceOne(number)} onClick={replace}>
          {texts.replace}
        </Button>
      )}
      <Button size="small" aria-label={texts.removeOne(number)} onClick={remove}>
        {texts.remove}
      </Button>
    </>
  );
  return (
    <Row icon={MessageSquare} title={title} actions={actions}>
      <Dots>
        <span>{new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country}</span>
        <span>{texts.verified(<Time at={verifiedAt} />)}</span>
      </Dots>
    </Row>
  );
}
