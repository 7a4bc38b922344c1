/**
 * A code of digits: one input over drawn slots, so that paste, password managers and codes from messages work. The form is
 * submitted with the last digit.
 */
import { type ChangeEvent, useEffect, useRef, useState } from 'react';
import { classes } from './classes.ts';
import { FieldFrame, type FrameProps } from './field-frame.tsx';
import { useField } from './form-context.ts';

export interface CodeFieldProps extends FrameProps {
  name: string;
  /** Takes the focus when it appears. */
  focused?: boolean | undefined;
  /** The number of digits. Default 6. */
  length?: number | undefined;
}

export function CodeField({ name, focused = false, length = 6, ...frame }: CodeFieldProps) {
  const [code, setCode] = useState('');
  const [hasFocus, setFocus] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { error, pending } = useField(name, undefined, frame.error);

  useEffect(() => {
    if (focused) input.current?.focus();
  }, [focused]);
  useEffect(() => {
    // After the state has reached the input, so that the form submits all digits.
    if (code.length === length) input.current?.form?.requestSubmit();
  }, [code, length]);

  const change = (event: ChangeEvent<HTMLInputElement>) =>
    setCode(event.target.value.replace(/\D/g, '').slice(0, length));
  return (
    <FieldFrame {...frame} name={name}>
      {(control) => (
        <div className={classes('code-field', pending && 'pending', error !== null && 'invalid')}>
          <input
            {...control}
            ref={input}
            name={name}
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            readOnly={pending}
            onChange={change}
            onFocus={() => setFocus(true)}
            onBlur={() => setFocus(false)}
          />
          <div className="slots" aria-hidden="true">
            {Array.from({ length }, (_, index) => (
              <span key={index} className={hasFocus && !pending && index === code.length ? 'now' : undefined}>
                {code[index]}
              </span>
            ))}
          </div>
        </div>
      )}
    </FieldFrame>
  );
}
