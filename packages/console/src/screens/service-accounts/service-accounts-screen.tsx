/** The list of service accounts, newest first. */
import { useLanguage } from '@postern/react';
import { Button, EmptyState, Icon } from '@postern/react/ui';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import Bot from 'lucide-react/icons/bot';
import Plus from 'lucide-react/icons/plus';
import { useState } from 'react';
import { type ServiceAccountRowFragment, ServiceAccountsDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { useServiceAccountTexts } from '../../messages/service-accounts/texts.ts';
import { ShortTime } from '../../parts/short-time.tsx';
import { UserState } from '../../parts/user-state.tsx';
import { client } from '../../session/client.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { CreateServiceAccount } from './create-service-account.tsx';

export function ServiceAccountsScreen() {
  return (
    <Permitted page="service-accounts">
      <ServiceAccounts />
    </Permitted>
  );
}

function ServiceAccounts() {
  const texts = useServiceAccountTexts();
  const { pages } = useMessages();
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" icon={Plus} onClick={() => setCreating(true)}>
      {texts.create}
    </Button>
  );
  return (
    <>
      <PageHead title={pages['service-accounts']} actions={create} />
      <ServiceAccountList />
      {isCreating && <CreateServiceAccount onClose={() => setCreating(false)} />}
    </>
  );
}

const pageSize = 50;

function ServiceAccountList() {
  const texts = useServiceAccountTexts();
  const { ui } = useLanguage().messages;
  const list = useInfiniteQuery({
    queryKey: ['service-accounts'],
    queryFn: ({ pageParam, signal }) =>
      client.request(ServiceAccountsDocument, { first: pageSize, after: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ serviceAccounts: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : undefined),
  });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  if (!data && error) return <Failure query={list} />;
  const accounts = data?.pages.flatMap(({ serviceAccounts }) => serviceAccounts.nodes) ?? [];
  if (data && accounts.length === 0)
    return (
      <EmptyState icon={Bot} title={texts.none}>
        {texts.noneHint}
      </EmptyState>
    );
  return (
    <>
      <section className="panel">
        <ul className="rows" aria-busy={!data}>
          {accounts.map((account) => (
            <AccountRow key={account.id} account={account} />
          ))}
          {!data && (
            <li>
              <span className="glyph" />
              <span className="skeleton line-w" />
            </li>
          )}
        </ul>
      </section>
      {hasNextPage && (
        <p className="foot">
          <Button pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {ui.loadMore}
          </Button>
        </p>
      )}
    </>
  );
}

function AccountRow({ account: { id, name, role, status, createdAt } }: { account: ServiceAccountRowFragment }) {
  const texts = useServiceAccountTexts();
  return (
    <li>
      <span className="glyph">
        <Icon of={Bot} size={18} />
      </span>
      <div>
        <p className="row-title">
          <Link to="/service-accounts/$id" params={{ id }}>
            <bdi>{name}</bdi>
          </Link>
        </p>
        <p className="row-sub">
          <span className="dots">
            <span className="role">{role.name}</span>
            <span>
              {texts.createdOn} <ShortTime at={createdAt} form="date" />
            </span>
          </span>
        </p>
      </div>
      <div className="actions">
        <UserState user={{ status, lockedUntil: null }} />
      </div>
    </li>
  );
}
