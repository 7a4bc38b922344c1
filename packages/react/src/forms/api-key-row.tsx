/** One API key in a list. */
import type { ApiKeyDetailFragment } from '@postern/client';
import KeyRound from 'lucide-react/icons/key-round';
import type { FormMessages } from '../messages/messages.ts';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Dots, Row } from '../ui/panel.tsx';
import { Time } from '../ui/time.tsx';

export interface ApiKeyRowProps {
  apiKey: ApiKeyDetailFragment;
  texts: FormMessages['apiKeys'];
  edit: (() => void) | undefined;
  rotate: (() => void) | undefined;
  revoke: (() => void) | undefined;
}

const dayMs = 24 * 60 * 60 * 1000;
/** From here on the key has to be replaced soon. */
const soonMs = 7 * dayMs;
/** A key that is idle for so long is probably forgotten. */
const idleMs = 90 * dayMs;

export function ApiKeyRow({ apiKey, texts, edit, rotate, revoke }: ApiKeyRowProps) {
  const { locale } = useLanguage();
  const { name, hint, scopes, createdAt, expiresAt, lastUsedAt, lastUsedFrom, ipAllowlist, limitPerMinute } = apiKey;
  const now = Date.now();
  const isIdle = now - Date.parse(lastUsedAt ?? createdAt) > idleMs;
  const expiresSoon = Date.parse(expiresAt) - now < soonMs;
  const rotatingUntil = apiKey.rotating !== null && Date.parse(apiKey.rotating) > now ? apiKey.rotating : null;
  const title = (
    <>
      <bdi>{name}</bdi>
      {expiresSoon && <Chip kind="warn">{texts.expiresSoon}</Chip>}
      {isIdle && <Chip kind="warn">{texts.idle}</Chip>}
    </>
  );
  const actions = (
    <>
      {edit && (
        <Button size="small" kind="ghost" aria-label={texts.editOne(name)} onClick={edit}>
          {texts.edit}
        </Button>
      )}
      {rotate && (
        <Button
          size="small"
          aria-label={texts.rotateOne(name)}
          disabledReason={rotatingUntil === null ? null : texts.isRotating}
          onClick={rotate}
        >
          {texts.rotate}
        </Button>
      )}
      {revoke && (
        <Button size="small" aria-label={texts.revokeOne(name)} onClick={revoke}>
          {texts.revoke}
        </Button>
      )}
    </>
  );
  return (
    <Row icon={KeyRound} kind={expiresSoon || isIdle ? 'warn' : 'neutral'} title={title} actions={actions}>
      <Dots>
        <span className="mono">{hint}</span>
        <span>{lastUsedAt === null ? texts.neverUsed : texts.lastUsed(<Time at={lastUsedAt} />, lastUsedFrom)}</span>
        <span>{texts.expires(<Time at={expiresAt} />)}</span>
      </Dots>
      <div className="subtle">
        <Dots>
          {scopes.map((scope) => (
            <span key={scope} className="mono">
              {scope}
            </span>
          ))}
        </Dots>
      </div>
      {(ipAllowlist.length > 0 || limitPerMinute !== null) && (
        <div className="subtle">
          <Dots>
            {ipAllowlist.length > 0 && <span>{texts.onlyFrom(new Intl.ListFormat(locale).format(ipAllowlist))}</span>}
            {limitPerMinute !== null && <span>{texts.perMinute(limitPerMinute.toLocaleString(locale))}</span>}
          </Dots>
        </div>
      )}
      {rotatingUntil !== null && <p className="subtle">{texts.rotating(<Time at={rotatingUntil} />)}</p>}
    </Row>
  );
}
