/** What the forms of signed-out pages share: props, heading, and the sentence that ends them. */
import type { CaptchaAction } from '@postern/client';
import type { ReactNode } from 'react';
import { useCaptcha } from '../captcha/use-captcha.ts';
import type { FormMessages } from '../messages/messages.ts';
import { classes } from '../ui/classes.ts';

/** The props of each form. */
export interface FormPartProps<Name extends keyof FormMessages> {
  className?: string | undefined;
  /** Replaces some texts of this form. */
  messages?: Partial<FormMessages[Name]> | undefined;
  /** The level of the heading. Default 1. */
  level?: 1 | 2 | 3 | undefined;
}

export interface GateFormProps {
  part: string;
  className?: string | undefined;
  title: ReactNode;
  lead?: ReactNode;
  level?: 1 | 2 | 3 | undefined;
  /** What the form does: its captcha is prepared while the user fills it in. */
  captcha?: CaptchaAction | undefined;
  children?: ReactNode;
}

/** A heading, and what belongs to it. */
export function GateForm({ part, className, title, lead, level = 1, captcha, children }: GateFormProps) {
  const Heading = `h${level}` as const;
  const { prepare } = useCaptcha();
  return (
    <div
      className={classes('gate-form', className)}
      data-part={part}
      onChange={captcha === undefined ? undefined : () => prepare(captcha)}
    >
      <div>
        <Heading tabIndex={-1}>{title}</Heading>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </div>
      {children}
    </div>
  );
}

/** An address or name in a sentence. It may be in a script that runs the other way. */
export function Mark({ children }: { children: ReactNode }) {
  return <bdi className="strong">{children}</bdi>;
}
