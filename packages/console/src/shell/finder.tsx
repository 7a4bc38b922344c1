/** The finder (Ctrl K): pages by name, users by name or address. */
import { Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import Search from 'lucide-react/icons/search';
import UserRound from 'lucide-react/icons/user-round';
import { type KeyboardEvent, useId, useState } from 'react';
import { operation } from '../data/operation.ts';
import { useDebounced } from '../data/use-debounced.ts';
import { userSearch } from '../data/user-search.ts';
import { FoundUsersDocument } from '../generated/operations.ts';
import { useMessages } from '../messages/messages.ts';
import { pagesFor } from '../navigation.ts';
import { nameOf, usePermissions, useViewer } from '../session/viewer.ts';
import { type Found, FoundList } from './found-list.tsx';
import { Modal } from './modal.tsx';

export function Finder({ onClose }: { onClose: () => void }) {
  const { finder } = useMessages();
  return (
    <Modal className="modal finder" label={finder.title} onClose={onClose}>
      <div className="dialog">
        <FinderBody onClose={onClose} />
      </div>
    </Modal>
  );
}

function FinderBody({ onClose }: { onClose: () => void }) {
  const { finder } = useMessages();
  const listId = useId();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const { found, isFailed } = useFound(text);
  const index = Math.min(marked, Math.max(found.length - 1, 0));

  const choose = ({ to }: Found) => {
    onClose();
    void navigate({ to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const entry = found[index];
    if (step !== undefined && found.length > 0) setMarked((index + step + found.length) % found.length);
    else if (event.key === 'Enter' && entry) choose(entry);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <div className="search">
        <Icon of={Search} />
        <input
          className="input"
          type="search"
          role="combobox"
          // biome-ignore lint/a11y/noAutofocus: the finder opens to be typed into
          autoFocus
          aria-label={finder.title}
          aria-expanded={found.length > 0}
          aria-controls={listId}
          aria-activedescendant={found.length > 0 ? `${listId}-${index}` : undefined}
          placeholder={finder.title}
          maxLength={254}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setMarked(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <FoundList id={listId} found={found} marked={index} onChoose={choose} onMark={setMarked} />
      <p className={found.length === 0 ? 'nothing' : 'vh'} role="status">
        {found.length === 0 && (isFailed ? finder.failed : finder.empty)}
      </p>
    </>
  );
}

/** Without text: the pages. Users are searched from two characters on. */
function useFound(text: string): { found: Found[]; isFailed: boolean } {
  const { pages: names } = useMessages();
  const { permissions } = useViewer();
  const may = usePermissions();
  const wanted = text.trim().toLocaleLowerCase();
  const searched = useDebounced(text.trim(), 200);
  const isSearching = may.has('users:read') && searched.length >= 2;
  const { data, isError } = useQuery({
    ...operation('users', FoundUsersDocument, { where: userSearch(searched) }),
    enabled: isSearching,
    placeholderData: (before) => before,
  });
  const pages = pagesFor(permissions)
    .map(
      ({ name, icon }) => ({ kind: 'pages', key: name, to: `/${name}`, icon, title: names[name], hint: null }) as const,
    )
    .filter(({ title }) => title.toLocaleLowerCase().includes(wanted));
  const nodes = isSearching && wanted.length >= 2 ? (data?.users.nodes ?? []) : [];
  const users = nodes.map(
    (user) =>
      ({
        kind: 'users',
        key: user.id,
        to: `/users/${user.id}`,
        icon: UserRound,
        title: nameOf(user),
        hint: user.displayName === null ? null : user.email,
      }) as const,
  );
  return { found: [...pages, ...users], isFailed: isSearching && isError };
}
