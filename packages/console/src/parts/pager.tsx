/** The foot of a table: the total in words, and the pages before and after this one. */
import { Icon } from '@postern/react/ui';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import { useMessages } from '../messages/messages.ts';

export interface PagerProps {
  /** Null: not known yet. */
  total: string | null;
  /** Null: there is no such page. */
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
}

export function Pager({ total, onPrevious, onNext }: PagerProps) {
  const { pager } = useMessages();
  return (
    <div className="table-foot">
      <span className="num" role="status">
        {total ?? ' '}
      </span>
      <div className="actions">
        <button className="btn small" type="button" disabled={!onPrevious} onClick={onPrevious ?? undefined}>
          <Icon of={ChevronLeft} size={14} />
          {pager.previous}
        </button>
        <button className="btn small" type="button" disabled={!onNext} onClick={onNext ?? undefined}>
          {pager.next}
          <Icon of={ChevronRight} size={14} />
        </button>
      </div>
    </div>
  );
}
