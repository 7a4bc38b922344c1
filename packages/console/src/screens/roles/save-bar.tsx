/** Says what the changes of a column do, and leads to the review. */
import { Button } from '@postern/react/ui';
import { useMessages } from '../../messages/messages.ts';
import type { Draft } from './use-draft.ts';

export interface SaveBarProps {
  draft: Draft;
  /** The number of users of the role; null: not known. */
  users: number | null;
  onDiscard: () => void;
  onReview: () => void;
}

export function SaveBar({ draft, users, onDiscard, onReview }: SaveBarProps) {
  const { roles: texts } = useMessages();
  const count = draft.added.length + draft.removed.length;
  return (
    <section className="savebar" aria-label={texts.changes(count, draft.role.name)}>
      <p aria-live="polite">
        <b className="strong">{texts.changes(count, draft.role.name)}</b>{' '}
        {users !== null && <span className="muted">{texts.effect(users)}</span>}
      </p>
      <span className="spacer" />
      <Button onClick={onDiscard}>{texts.discard}</Button>
      <Button kind="primary" onClick={onReview}>
        {texts.review}
      </Button>
    </section>
  );
}
