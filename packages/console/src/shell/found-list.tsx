/** The results of the finder: a list box whose focus stays in the field. */
import { Icon } from '@postern/react/ui';
import type { LucideIcon } from 'lucide-react';
import { useMessages } from '../messages/messages.ts';

export interface Found {
  kind: 'pages' | 'users';
  key: string;
  to: string;
  icon: LucideIcon;
  title: string;
  hint: string | null;
}

export interface FoundListProps {
  id: string;
  found: readonly Found[];
  marked: number;
  onChoose: (entry: Found) => void;
  onMark: (index: number) => void;
}

export function FoundList({ id, found, marked, onChoose, onMark }: FoundListProps) {
  const { finder } = useMessages();
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return (
    <div className="found" id={id} role="listbox" aria-label={finder.title} tabIndex={-1}>
      {kinds.map((kind) => (
        // biome-ignore lint/a11y/useSemanticElements: a list box groups its options with this role.
        <div key={kind} role="group" aria-label={finder[kind]}>
          <p aria-hidden="true">{finder[kind]}</p>
          {found.map((entry, index) =>
            entry.kind === kind ? (
              <FoundEntry
                key={entry.key}
                id={`${id}-${index}`}
                entry={entry}
                isMarked={index === marked}
                onChoose={() => onChoose(entry)}
                onMark={() => onMark(index)}
              />
            ) : null,
          )}
        </div>
      ))}
    </div>
  );
}

interface FoundEntryProps {
  id: string;
  entry: Found;
  isMarked: boolean;
  onChoose: () => void;
  onMark: () => void;
}

function FoundEntry({ id, entry: { icon, title, hint }, isMarked, onChoose, onMark }: FoundEntryProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and handles the keys.
    <div
      id={id}
      className="item"
      role="option"
      aria-selected={isMarked}
      tabIndex={-1}
      onClick={onChoose}
      onPointerMove={onMark}
    >
      <Icon of={icon} />
      <bdi className="line">{title}</bdi>
      {hint !== null && <bdi className="subtle line">{hint}</bdi>}
    </div>
  );
}
