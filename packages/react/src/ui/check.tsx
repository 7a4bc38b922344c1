/** A box to tick, with its words. */
import type { ComponentProps, ReactNode } from 'react';

export interface CheckProps extends Omit<ComponentProps<'input'>, 'type'> {
  children: ReactNode;
}

export function Check({ children, ...input }: CheckProps) {
  return (
    <label className="check" data-part="check">
      <input type="checkbox" {...input} />
      <span>{children}</span>
    </label>
  );
}
