/** The user that the question is about: found by name or address, then shown with a button that chooses another. */
import { Button } from '@postern/react/ui';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useAccessTexts } from '../../messages/access/texts.ts';
import { useMessages } from '../../messages/messages.ts';
import { PersonOptions } from '../../parts/person-options.tsx';
import { nameOf } from '../../session/viewer.ts';
import { initialsOf } from '../../shell/initials.ts';

export interface UserChoiceProps {
  user: UserDetailFragment | null;
  /** Undefined: another user is to be found. */
  onChoose: (id: string | undefined) => void;
}

export function UserChoice({ user, onChoose }: UserChoiceProps) {
  const texts = useAccessTexts();
  const { users } = useMessages();
  return (
    <fieldset className="field">
      <legend className="label">{users.user}</legend>
      {user === null ? (
        <PersonOptions onChoose={onChoose} />
      ) : (
        <div className="person">
          <span className="avatar" aria-hidden="true">
            {initialsOf(nameOf(user))}
          </span>
          <span className="grow">
            <b>
              <bdi>{nameOf(user)}</bdi>
            </b>
            <span>
              <bdi>{user.email}</bdi>
            </span>
          </span>
          <Button size="small" onClick={() => onChoose(undefined)}>
            {texts.otherUser}
          </Button>
        </div>
      )}
    </fieldset>
  );
}
