/** The result of the integrity check above the list. It states the result of the gateway and nothing else. */
import Stamp from 'lucide-react/icons/stamp';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import { useEffect, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { messagesOf } from './messages/messages.ts';
import type { TimelineLocale } from './sentences/sentence-of.ts';
import { age, clockTime } from './times.ts';

export interface TrustStripProps {
  locale: TimelineLocale;
  timeZone?: string;
  /** null: the check is running for the first time. */
  integrity: {
    whole: boolean;
    checked: number;
    complete: boolean;
    checkpoint: { number: number; signedAt: string } | null;
    problem: { entryId: string | null; message: string } | null;
  } | null;
  /** When the answer arrived, in milliseconds. */
  checkedAt: number;
  isChecking: boolean;
  onCheck: () => void;
  /** Opens the entry that the problem names. */
  onShow: (entryId: string) => void;
}

export function TrustStrip({ locale, timeZone, integrity, checkedAt, isChecking, onCheck, onShow }: TrustStripProps) {
  const { trust } = messagesOf(locale);
  const now = useNow();
  const again = (
    <Button size="small" pending={isChecking || integrity === null} onClick={onCheck}>
      {trust.again}
    </Button>
  );
  if (!integrity)
    return (
      <div className="trust" role="status" aria-busy="true">
        <span className="mark">
          <Icon of={Stamp} size={20} />
        </span>
        <p>
          <span className="skeleton line" />
          <span className="vh">{trust.loading}</span>
        </p>
        {again}
      </div>
    );
  const { whole, problem, checkpoint, checked, complete } = integrity;
  if (!whole)
    return (
      <div className="trust broken" role="alert">
        <span className="mark">
          <Icon of={TriangleAlert} size={20} />
        </span>
        <p>
          <b>{trust.broken}</b> {problem?.message}
        </p>
        <span className="actions">
          {problem?.entryId && (
            <Button size="small" onClick={() => onShow(problem.entryId ?? '')}>
              {trust.show}
            </Button>
          )}
          {again}
        </span>
      </div>
    );
  const options = { locale, timeZone };
  return (
    <div className="trust" role="status">
      <span className="mark">
        <Icon of={Stamp} size={20} />
      </span>
      <p>
        <b className="seal-t">{trust.whole}</b>{' '}
        {checkpoint
          ? trust.checked(checked, complete, clockTime(new Date(checkedAt).toISOString(), options))
          : trust.empty}{' '}
        {checkpoint && (
          <span aria-live="off">{trust.signed(checkpoint.number, age(checkpoint.signedAt, options, now))}</span>
        )}
        {!complete && (
          <>
            {' '}
            {trust.older} <code>postern audit verify</code>.
          </>
        )}
      </p>
      {again}
    </div>
  );
}

const tickMs = 1000;

function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), tickMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
