/** A native list of choices, with label, hint and error. */
import ChevronDown from 'lucide-react/icons/chevron-down';
import type { ComponentProps } from 'react';
import { FieldFrame, type FrameProps } from './field-frame.tsx';
import { Icon } from './icon.tsx';

export interface SelectProps extends ComponentProps<'select'>, FrameProps {}

/** @example <Select label="Role" name="role"><option value="USER">USER</option></Select> */
export function Select({ label, hint, error, aside, children, ...select }: SelectProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} aside={aside} name={select.name} id={select.id}>
      {(control) => (
        <div className="select">
          <select {...select} {...control}>
            {children}
          </select>
          <Icon of={ChevronDown} />
        </div>
      )}
    </FieldFrame>
  );
}
