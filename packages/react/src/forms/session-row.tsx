/** One session of the user in a list. */
import type { DeviceSessionFragment } from '@postern/client';
import Laptop from 'lucide-react/icons/laptop';
import Smartphone from 'lucide-react/icons/smartphone';
import Tablet from 'lucide-react/icons/tablet';
import { english } from '../messages/en/methods.ts';
import type { Messages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { deviceKindOf, deviceOf } from '../ui/device.ts';
import { Dots, Row } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';

const icons = { computer: Laptop, phone: Smartphone, tablet: Tablet };

export interface SessionRowProps {
  session: DeviceSessionFragment;
  texts: Messages['sessions'];
  end: () => void;
}

export function SessionRow({ session, texts, end }: SessionRowProps) {
  const { locale, messages } = useLanguage();
  const names = useTexts('methods', english);
  const { current, deviceName, ipAddress, location, lastUsedAt, createdAt, expiresAt, methods } = session;
  const userAgent = session.userAgent ?? '';
  const name = deviceName ?? deviceOf(userAgent, messages.ui.on) ?? texts.unknownDevice;
  const how = new Intl.ListFormat(locale).format(methods.map((method) => names[method] ?? method));
  const title = (
    <>
      <bdi>{name}</bdi>
      {current && <Chip kind="ok">{texts.current}</Chip>}
    </>
  );
  const action = (
    <Button size="small" aria-label={current ? undefined : texts.endOne(name)} onClick={end}>
      {current ? texts.signOut : texts.end}
    </Button>
  );
  return (
    <Row icon={icons[deviceKindOf(userAgent)]} title={title} actions={action}>
      <Dots>
        {ipAddress !== null && <span className="num">{ipAddress}</span>}
        {location && <span>{placeName(location, locale)}</span>}
        <span>{current ? texts.activeNow : texts.active(<Time at={lastUsedAt} />)}</span>
      </Dots>
      <div className="subtle">
        <Dots>
          <span>{texts.signedIn(<Time at={createdAt} />, how)}</span>
          <span>{texts.ends(<Time at={expiresAt} />)}</span>
        </Dots>
      </div>
    </Row>
  );
}

function placeName({ country, city }: NonNullable<DeviceSessionFragment['location']>, locale: string): string {
  const name = new Intl.DisplayNames(locale, { type: 'region' }).of(country) ?? country;
  return city === null ? name : `${city}, ${name}`;
}
