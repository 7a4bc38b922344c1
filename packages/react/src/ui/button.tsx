/** A button. While its action is pending, it keeps its label and ignores clicks. */
import type { LucideIcon } from 'lucide-react';
import { type ComponentProps, type MouseEvent, useId } from 'react';
import { classes } from './classes.ts';
import { Icon } from './icon.tsx';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  /** `primary`: once on a screen. `danger`: ends access. `danger-solid`: the same, inside a dialog. */
  kind?: 'plain' | 'primary' | 'danger' | 'danger-solid' | 'ghost' | undefined;
  size?: 'small' | 'medium' | 'large' | undefined;
  /** As wide as its container. */
  block?: boolean | undefined;
  icon?: LucideIcon | undefined;
  /** Only the icon is drawn. The button then needs an `aria-label`. */
  iconOnly?: boolean | undefined;
  pending?: boolean | undefined;
  /** Why the button does nothing. It stays focusable, so that keyboard users learn the reason. */
  disabledReason?: string | null | undefined;
}

export function Button({
  kind = 'plain',
  size = 'medium',
  block = false,
  icon,
  iconOnly = false,
  pending = false,
  disabledReason = null,
  type = 'button',
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const isDisabled = disabledReason !== null;
  const ignore = (event: MouseEvent) => event.preventDefault();
  const look = classes(
    'btn',
    kind !== 'plain' && kind,
    size !== 'medium' && size,
    block && 'block',
    iconOnly && 'icon',
    className,
  );
  return (
    <button
      type={type}
      className={look}
      aria-busy={pending || undefined}
      aria-disabled={isDisabled || undefined}
      aria-describedby={isDisabled ? reasonId : undefined}
      title={disabledReason ?? undefined}
      {...rest}
      onClick={pending || isDisabled ? ignore : onClick}
    >
      {pending && <span className="spinner" aria-hidden="true" />}
      {icon && !pending && <Icon of={icon} size={size === 'small' && !iconOnly ? 14 : size === 'large' ? 18 : 16} />}
      {!iconOnly && children}
      {isDisabled && (
        <span className="vh" id={reasonId}>
          {disabledReason}
        </span>
      )}
    </button>
  );
}
