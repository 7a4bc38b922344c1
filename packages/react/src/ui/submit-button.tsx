/** The primary action of a `Form`. It is pending with its form. */
import { useContext } from 'react';
import { Button, type ButtonProps } from './button.tsx';
import { FormContext } from './form-context.ts';

export function SubmitButton({ kind = 'primary', pending = false, ...rest }: Omit<ButtonProps, 'type'>) {
  const form = useContext(FormContext);
  return <Button type="submit" kind={kind} pending={pending || (form?.pending ?? false)} {...rest} />;
}
