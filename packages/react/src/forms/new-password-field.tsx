/** A password that is being chosen, with the rules of the gateway under it. Each rule says whether it is met. */
import Check from 'lucide-react/icons/check';
import Dot from 'lucide-react/icons/dot';
import X from 'lucide-react/icons/x';
import { type ReactNode, useState } from 'react';
import { usePasswordPolicy } from '../account/use-password.ts';
import { english } from '../messages/en/password-rules.tsx';
import { useTexts } from '../messages/use-texts.ts';
import { useSession } from '../session/use-session.ts';
import { useField } from '../ui/form-context.ts';
import { Icon } from '../ui/icon.tsx';
import { PasswordField } from '../ui/password-field.tsx';
import { checkRules, minLengthOf, type RuleResults } from './password-rules.ts';

export interface NewPasswordFieldProps {
  name: string;
  label?: ReactNode;
}

export function NewPasswordField({ name, label }: NewPasswordFieldProps) {
  const { value: policy } = usePasswordPolicy();
  const hasSecondFactor = useSession().viewer?.mfa.enabled ?? false;
  const [results, setResults] = useState<RuleResults | null>(null);
  const { error } = useField(name, undefined, null);
  const texts = useTexts('passwordRules', english);
  const rules = (id: string) =>
    policy === null ? (
      <RulesSkeleton id={id} />
    ) : (
      <ul className="rules" id={id}>
        <Rule isMet={results?.length ?? null}>{texts.atLeast(minLengthOf(policy, hasSecondFactor))}</Rule>
        {policy.requiredClasses.length > 0 && (
          <Rule isMet={results?.classes ?? null}>{texts.classes(policy.classesRequiredBelow)}</Rule>
        )}
        <Rule isMet={error === null || !results?.length || results.classes === false ? null : false}>
          {texts.judged}
        </Rule>
      </ul>
    );
  return (
    <PasswordField
      name={name}
      label={label ?? texts.newPassword}
      autoComplete="new-password"
      rules={rules}
      required
      onInput={(event) => {
        if (!policy) return;
        const { value } = event.currentTarget;
        setResults(value === '' ? null : checkRules(policy, value, hasSecondFactor));
      }}
    />
  );
}

/** The height of the usual rules, so that the button below them does not move. */
function RulesSkeleton({ id }: { id: string }) {
  return (
    <div className="rules" id={id} aria-busy="true">
      {['w-40', 'w-60', 'w-50', 'w-60'].map((width, line) => (
        <div key={line} className={`skeleton ${width}`} />
      ))}
    </div>
  );
}

/** @param isMet null: not known yet */
function Rule({ isMet, children }: { isMet: boolean | null; children: ReactNode }) {
  const texts = useTexts('passwordRules', english);
  if (isMet === null)
    return (
      <li>
        <Icon of={Dot} />
        <span>{children}</span>
      </li>
    );
  return (
    <li className={isMet ? 'met' : 'unmet'}>
      <Icon of={isMet ? Check : X} />
      <span>
        {children}
        <span className="vh">: {isMet ? texts.met : texts.unmet}</span>
      </span>
    </li>
  );
}
