/** Takes back what an attacker has done, with the token of a mail. */
import { english } from '../messages/en/not-me.ts';
import { useTexts } from '../messages/use-texts.ts';
import { usePosternClient } from '../provider/postern-context.ts';
import type { FormPartProps } from './form-parts.tsx';
import { TokenAction, type TokenProps } from './token-action.tsx';

export interface NotMeProps extends FormPartProps<'notMe'>, TokenProps {}

export function NotMe({ messages, ...props }: NotMeProps) {
  const texts = useTexts('notMe', english, messages);
  const client = usePosternClient();
  return (
    <TokenAction
      {...props}
      part="not-me"
      title={texts.title}
      lead={texts.lead}
      submitLabel={texts.submit}
      doneTitle={texts.doneTitle}
      run={async (token) => texts.done((await client.disownSession({ token })).revokedCount)}
    />
  );
}
