/** A password, with a button that shows it. Paste and password managers work. */
import Eye from 'lucide-react/icons/eye';
import EyeOff from 'lucide-react/icons/eye-off';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { useLanguage } from '../messages/messages-context.ts';
import { Button } from './button.tsx';
import { FieldFrame, type FrameProps } from './field-frame.tsx';

export interface PasswordFieldProps extends Omit<ComponentProps<'input'>, 'type' | 'size'>, FrameProps {
  /** `new-password` for a password that is being chosen. */
  autoComplete: 'current-password' | 'new-password';
  /** The rules of a new password, under the input. It gets the id that describes the input. */
  rules?: ((id: string) => ReactNode) | undefined;
}

export function PasswordField({ label, hint, error, aside, rules, ...input }: PasswordFieldProps) {
  const { messages } = useLanguage();
  const [isShown, setShown] = useState(false);
  return (
    <FieldFrame label={label} hint={hint} error={error} aside={aside} below={rules} name={input.name} id={input.id}>
      {(control) => (
        <div className="with-button">
          <input
            className="input"
            {...input}
            {...control}
            type={isShown ? 'text' : 'password'}
            autoCapitalize="none"
            spellCheck={false}
          />
          <Button
            kind="ghost"
            size="small"
            icon={isShown ? EyeOff : Eye}
            iconOnly
            aria-label={messages.ui.showPassword}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          />
        </div>
      )}
    </FieldFrame>
  );
}
