/** The tabs of a user: links, so that each has an address. */
import { TabCount, Tabs } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import type { UserDetailFragment } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { nameOf, usePermissions } from '../../session/viewer.ts';
import type { UserSearch } from './search.ts';

export function UserTabs({ user }: { user: UserDetailFragment }) {
  const { user: texts } = useMessages();
  const maySeeEntries = usePermissions().has('audit:read');
  const methods = user.mfa.methods.length + user.identities.length;
  return (
    <Tabs label={texts.sections(nameOf(user))}>
      <Tab id={user.id} tab={undefined} label={texts.overview} />
      <Tab id={user.id} tab="sessions" label={texts.sessions} count={user.sessions.totalCount} />
      <Tab id={user.id} tab="methods" label={texts.methods} count={methods} />
      <Tab id={user.id} tab="keys" label={texts.keys} count={user.apiKeys.nodes.length} />
      {maySeeEntries && <Tab id={user.id} tab="audit" label={texts.audit} />}
      {maySeeEntries && <Tab id={user.id} tab="access" label={texts.access} />}
    </Tabs>
  );
}

interface TabProps {
  id: string;
  tab: UserSearch['tab'];
  label: string;
  count?: number;
}

function Tab({ id, tab, label, count }: TabProps) {
  return (
    <Link
      to="/users/$id"
      params={{ id }}
      search={{ tab }}
      activeOptions={{ exact: true, includeSearch: true }}
      resetScroll={false}
    >
      {label}
      {count !== undefined && <TabCount>{count}</TabCount>}
    </Link>
  );
}
