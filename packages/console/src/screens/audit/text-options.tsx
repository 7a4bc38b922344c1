/** What the popovers of the filters Action and Address contain. */
import { Button } from '@postern/react/ui';
import { type FormEvent, useState } from 'react';
import { useMessages } from '../../messages/messages.ts';

export interface ActionOptionsProps {
  actions: readonly string[];
  onChoose: (action: string) => void;
}

export function ActionOptions({ actions, onChoose }: ActionOptionsProps) {
  const { audit } = useMessages();
  const [text, setText] = useState('');
  const found = actions.filter((action) => action.includes(text.trim().toLowerCase()));
  return (
    <>
      <input
        className="input"
        aria-label={audit.findAction}
        placeholder={audit.findAction}
        maxLength={81}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <ul className="options">
        {found.map((action) => (
          <li key={action}>
            <button type="button" className="item mono" onClick={() => onChoose(action)}>
              {action}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

export function AddressForm({ onChoose }: { onChoose: (address: string) => void }) {
  const { audit } = useMessages();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) onChoose(text.trim());
  };
  return (
    <form onSubmit={submit}>
      <input
        className="input"
        aria-label={audit.address}
        placeholder="192.0.2.7"
        maxLength={45}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <Button type="submit" size="small" kind="primary">
        {audit.apply}
      </Button>
    </form>
  );
}
