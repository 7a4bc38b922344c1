/** One passkey of the user in a list. */
import type { OwnPasskeyFragment } from '@postern/client';
import Key from 'lucide-react/icons/key';
import Laptop from 'lucide-react/icons/laptop';
import type { Messages } from '../messages/messages.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Dots, Row } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';

export interface PasskeyRowProps {
  passkey: OwnPasskeyFragment;
  texts: Messages['passkeys'];
  rename: () => void;
  remove: () => void;
}

export function PasskeyRow({ passkey, texts, rename, remove }: PasskeyRowProps) {
  const { name, backedUp, aloneFrom, lastUsedAt, createdAt } = passkey;
  const isWaiting = aloneFrom !== null && new Date(aloneFrom) > new Date();
  const title = (
    <>
      <bdi>{name}</bdi>
      {backedUp && <Chip>{texts.synced}</Chip>}
      {isWaiting && <Chip kind="warn">{texts.waiting}</Chip>}
    </>
  );
  const actions = (
    <>
      <Button size="small" kind="ghost" aria-label={texts.renameOne(name)} onClick={rename}>
        {texts.rename}
      </Button>
      <Button size="small" aria-label={texts.removeOne(name)} onClick={remove}>
        {texts.remove}
      </Button>
    </>
  );
  return (
    <Row icon={backedUp ? Laptop : Key} title={title} actions={actions}>
      <Dots>
        <span>{lastUsedAt === null ? texts.neverUsed : texts.lastUsed(<Time at={lastUsedAt} />)}</span>
        <span>{texts.added(<Time at={createdAt} />)}</span>
      </Dots>
      {isWaiting && <p className="subtle">{texts.waitingSub}</p>}
    </Row>
  );
}
