/** What the list of users shows without users. */
import { EmptyState } from '@postern/react/ui';
import SearchX from 'lucide-react/icons/search-x';
import UsersRound from 'lucide-react/icons/users-round';
import { useMessages } from '../../messages/messages.ts';
import { isFiltered, type UsersSearch } from './search.ts';

export function UsersEmpty({ search, onClear }: { search: UsersSearch; onClear: () => void }) {
  const { users } = useMessages();
  return (
    <div className="table-wrap">
      {isFiltered(search) ? (
        <EmptyState
          icon={SearchX}
          title={users.noMatch}
          action={
            <button className="btn" type="button" onClick={onClear}>
              {users.clearFilters}
            </button>
          }
        >
          <p>{users.noMatchHint}</p>
        </EmptyState>
      ) : (
        <EmptyState icon={UsersRound} title={users.none} />
      )}
    </div>
  );
}
