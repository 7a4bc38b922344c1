/** Everything about one entry: the sentence, the change, the facts and the seal. */
import LinkIcon from 'lucide-react/icons/link';
import X from 'lucide-react/icons/x';
import type { MouseEvent, ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { LongText } from '../ui/long-text.tsx';
import { diffOf } from './diff.ts';
import { Diff } from './diff-view.tsx';
import type { TimelineEntry } from './entry.ts';
import { type FactLinks, Facts } from './inspector-facts.tsx';
import { SealProof } from './inspector-seal.tsx';
import { TimelineLanguageContext } from './language.ts';
import type { TimelineIntegrity } from './rows.ts';
import { Say } from './say.tsx';
import type { SentenceOptions } from './sentences/sentence-of.ts';
import { useLanguageOf } from './timeline.tsx';
import { exactTime } from './times.ts';

export interface InspectorProps extends SentenceOptions, FactLinks {
  entry: TimelineEntry;
  integrity?: TimelineIntegrity | null;
  /** The address of the list without the entry. */
  closeHref: string;
  onClose: () => void;
  onCopyLink: () => void;
  children?: ReactNode;
}

export function Inspector({ entry, integrity = null, closeHref, onClose, onCopyLink, ...options }: InspectorProps) {
  const language = useLanguageOf(options);
  const { inspector } = language.messages;
  const changes = diffOf(entry.details);
  const close = (event: MouseEvent) => {
    event.preventDefault();
    onClose();
  };
  return (
    <TimelineLanguageContext value={language}>
      <aside className="inspector open" aria-label={inspector.label}>
        <header>
          <span className="num">{exactTime(entry.occurredAt, language)}</span>
          <span className="actions">
            <Button
              kind="ghost"
              size="small"
              icon={LinkIcon}
              iconOnly
              aria-label={inspector.copyLink}
              onClick={onCopyLink}
            />
            <a className="btn ghost small icon" href={closeHref} aria-label={inspector.close} onClick={close}>
              <Icon of={X} />
            </a>
          </span>
        </header>
        <section>
          <h2>
            <Say entry={entry} plain />
          </h2>
          {entry.reason && (
            <p className="reason">
              <span className="vh">{inspector.reason}</span>
              <LongText key={entry.id} text={entry.reason} />
            </p>
          )}
        </section>
        {changes && (
          <section>
            <h3>{inspector.change}</h3>
            <Diff changes={changes} />
          </section>
        )}
        <section>
          <Facts entry={entry} {...options} />
        </section>
        {entry.hash !== undefined && (
          <section>
            <SealProof entry={entry} integrity={integrity} />
          </section>
        )}
      </aside>
    </TimelineLanguageContext>
  );
}
