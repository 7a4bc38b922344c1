/** Label, hint and error around a control, connected for screen readers. */
import CircleAlert from 'lucide-react/icons/circle-alert';
import type { ReactNode } from 'react';
import { useField } from './form-context.ts';
import { Icon } from './icon.tsx';

export interface FrameProps {
  label: ReactNode;
  hint?: ReactNode;
  /** Replaces the error that the form has for this field. */
  error?: string | null | undefined;
  /** Beside the label, for example a link. */
  aside?: ReactNode;
}

/** What the control must take over. */
export interface ControlProps {
  id: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string | undefined;
}

export interface FieldFrameProps extends FrameProps {
  name?: string | undefined;
  id?: string | undefined;
  /** Under the control, for example rules. It gets the id for `aria-describedby`. */
  below?: ((id: string) => ReactNode) | undefined;
  children: (control: ControlProps) => ReactNode;
}

export function FieldFrame({ label, hint, error: ownError, aside, name, id: ownId, below, children }: FieldFrameProps) {
  const { id, error } = useField(name, ownId, ownError);
  const [hintId, errorId, belowId] = [`${id}-hint`, `${id}-error`, `${id}-below`];
  const described = [error !== null && errorId, hint !== undefined && hintId, below && belowId].filter(Boolean);
  return (
    <div className="field" data-part="field">
      <div className="top">
        <label htmlFor={id}>{label}</label>
        {aside}
      </div>
      {children({
        id,
        'aria-invalid': error === null ? undefined : true,
        'aria-describedby': described.length === 0 ? undefined : described.join(' '),
      })}
      {error !== null && (
        <p className="error" id={errorId}>
          <Icon of={CircleAlert} />
          <span>{error}</span>
        </p>
      )}
      {below?.(belowId)}
      {hint !== undefined && (
        <p className="hint" id={hintId}>
          {hint}
        </p>
      )}
    </div>
  );
}
