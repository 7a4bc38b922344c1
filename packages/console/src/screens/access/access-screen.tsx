/** The access check: a user, an operation, and whether each requirement is met. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { operation } from '../../data/operation.ts';
import { UserDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { AccessCheck } from './access-check.tsx';
import { UserChoice } from './user-choice.tsx';

const route = getRouteApi('/access');

export function AccessScreen() {
  const { pages } = useMessages();
  const { user: id } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (user: string | undefined) => void navigate({ search: { user } });
  return (
    <Permitted page="access">
      <PageHead title={pages.access} />
      {id === undefined ? (
        <AccessCheck user={null} choice={<UserChoice user={null} onChoose={choose} />} />
      ) : (
        <ChosenUser key={id} id={id} onChoose={choose} />
      )}
    </Permitted>
  );
}

function ChosenUser({ id, onChoose }: { id: string; onChoose: (id: string | undefined) => void }) {
  const query = useQuery(operation('user', UserDocument, { id }));
  const { data, error } = query;
  if (!data)
    return error ? (
      <Failure query={query} />
    ) : (
      <div className="panel skeleton-panel" aria-hidden="true" aria-busy="true" />
    );
  return <AccessCheck user={data.user} choice={<UserChoice user={data.user} onChoose={onChoose} />} />;
}
