/** One line or several lines of text, with label, hint and error. Inside a `Form` the field takes its error from the form. */
import type { ComponentProps } from 'react';
import { classes } from './classes.ts';
import { FieldFrame, type FrameProps } from './field-frame.tsx';

export interface FieldProps extends Omit<ComponentProps<'input'>, 'size'>, FrameProps {}

export function Field({ label, hint, error, aside, className, ...input }: FieldProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} aside={aside} name={input.name} id={input.id}>
      {(control) => <input className={classes('input', className)} {...input} {...control} />}
    </FieldFrame>
  );
}

export interface TextFieldProps extends ComponentProps<'textarea'>, FrameProps {}

export function TextField({ label, hint, error, aside, className, ...input }: TextFieldProps) {
  return (
    <FieldFrame label={label} hint={hint} error={error} aside={aside} name={input.name} id={input.id}>
      {(control) => <textarea className={classes('input', className)} {...input} {...control} />}
    </FieldFrame>
  );
}
