/** Finds a user by name or address. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { operation } from '../data/operation.ts';
import { useDebounced } from '../data/use-debounced.ts';
import { userSearch } from '../data/user-search.ts';
import { UsersDocument } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';
import { nameOf } from '../session/viewer.ts';

export function PersonOptions({ onChoose }: { onChoose: (id: string) => void }) {
  const { users, finder } = useMessages();
  const [text, setText] = useState('');
  const wanted = useDebounced(text, 250);
  const { data, error } = useQuery(
    operation('users', UsersDocument, {
      first: 8,
      where: userSearch(wanted),
      orderBy: { field: 'LAST_LOGIN_AT', direction: 'DESC' },
    }),
  );
  const found = data?.users.nodes ?? [];
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={users.search}
        placeholder={users.search}
        maxLength={254}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <ul className="options" aria-live="polite">
        {found.map((user) => (
          <li key={user.id}>
            <button type="button" className="item" onClick={() => onChoose(user.id)}>
              <bdi>{nameOf(user)}</bdi>
              {user.displayName !== null && <bdi className="subtle">{user.email}</bdi>}
            </button>
          </li>
        ))}
      </ul>
      {(error ?? (data && found.length === 0)) && <p className="hint">{error ? finder.failed : finder.empty}</p>}
    </>
  );
}
