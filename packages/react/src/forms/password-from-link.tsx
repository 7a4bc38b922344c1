/** Sets a password with the token of a mail: a reset or an invitation. It names the account that the token belongs to. */
import type { ReactNode } from 'react';
import { usePassword, usePasswordLink } from '../account/use-password.ts';
import { english } from '../messages/en/password-rules.tsx';
import type { FormMessages } from '../messages/messages.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Mark } from './form-parts.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { TokenForm, type TokenProps } from './token-action.tsx';
import { useLinkToken } from './use-link-token.ts';
import { UserName } from './user-name.tsx';

export interface PasswordFromLinkProps extends TokenProps {
  part: string;
  className?: string | undefined;
  level?: 1 | 2 | 3 | undefined;
  texts: FormMessages['resetPassword'] | FormMessages['acceptInvitation'];
  lead?: string;
  /** What setting the password ends. */
  effect?: ReactNode;
}

export function PasswordFromLink({ token: own, texts, lead, ...props }: PasswordFromLinkProps) {
  const token = useLinkToken(own);
  const { reset } = usePassword();
  const { account } = useTexts('passwordRules', english);
  const { value: link, isLoading } = usePasswordLink(token ?? null);
  // The line has its height before the answer.
  const named = link ? account(<Mark>{link.email}</Mark>) : isLoading ? '\u00A0' : null;
  return (
    <TokenForm
      {...props}
      token={token}
      title={texts.title}
      lead={
        named === null ? (
          lead
        ) : (
          <>
            {named} {lead}
          </>
        )
      }
      submitLabel={texts.submit}
      failure={texts.notSaved}
      doneTitle={texts.doneTitle}
      run={async (linkToken, values) => {
        await reset({ token: linkToken, newPassword: values.text('newPassword') });
        return texts.done;
      }}
    >
      {link && <UserName email={link.email} />}
      <NewPasswordField name="newPassword" />
    </TokenForm>
  );
}
