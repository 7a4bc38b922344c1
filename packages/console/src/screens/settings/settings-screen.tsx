/** The configuration in effect: names, values, and where each value comes from. Secrets are never sent. */
import { Chip, EmptyState, Icon } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import Search from 'lucide-react/icons/search';
import SearchX from 'lucide-react/icons/search-x';
import { operation } from '../../data/operation.ts';
import { SettingsDocument, type SettingsQuery } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { groupOf, type SettingGroup, settingGroups } from './groups.ts';

type Setting = SettingsQuery['settings'][number];

const route = getRouteApi('/settings');

export function SettingsScreen() {
  const { pages } = useMessages();
  return (
    <Permitted page="settings">
      <PageHead title={pages.settings} />
      <SettingsList />
    </Permitted>
  );
}

function SettingsList() {
  const { settings: texts } = useMessages();
  const { q = '' } = route.useSearch();
  const query = useQuery(operation('settings', SettingsDocument, {}));
  const { data, error } = query;
  if (!data && error) return <Failure query={query} />;
  const wanted = q.trim().toUpperCase().replaceAll(' ', '_');
  const found = data?.settings.filter(({ name }) => name.includes(wanted));
  return (
    <>
      <div className="toolbar">
        <NameFilter />
      </div>
      {found === undefined && <div className="panel skeleton-chart" />}
      {found?.length === 0 && (
        <div className="panel">
          <EmptyState icon={SearchX} title={texts.noMatch} />
        </div>
      )}
      {settingGroups.map((group) => (
        <SettingsGroup
          key={group}
          group={group}
          settings={found?.filter(({ name }) => groupOf(name) === group) ?? []}
        />
      ))}
      <p className="hint foot">{texts.hint}</p>
    </>
  );
}

function NameFilter() {
  const { settings: texts } = useMessages();
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="search">
      <Icon of={Search} size={14} />
      <input
        className="input"
        type="search"
        data-page-search
        aria-label={texts.filter}
        placeholder={texts.filter}
        maxLength={64}
        value={q}
        onChange={({ target }) => void navigate({ search: { q: target.value || undefined }, replace: true })}
      />
    </div>
  );
}

function SettingsGroup({ group, settings }: { group: SettingGroup; settings: readonly Setting[] }) {
  const { settings: texts } = useMessages();
  if (settings.length === 0) return null;
  return (
    <section className="panel" aria-labelledby={`settings-${group}`}>
      <header>
        <h2 id={`settings-${group}`}>{texts.groups[group]}</h2>
      </header>
      <dl className="settings">
        {settings.map((setting) => (
          <SettingRow key={setting.name} setting={setting} />
        ))}
      </dl>
    </section>
  );
}

function SettingRow({ setting: { name, value, source, secret } }: { setting: Setting }) {
  const { settings: texts } = useMessages();
  const isDefault = source === 'DEFAULT';
  const text = secret ? (isDefault ? texts.notSet : texts.set) : (value ?? texts.notSet);
  const isWord = secret || value === null;
  return (
    <div>
      <dt className="mono">{name}</dt>
      <dd className={isDefault ? 'subtle' : undefined}>
        <bdi className={isWord ? undefined : 'mono'}>{text === '' ? texts.emptyValue : text}</bdi>
      </dd>
      <dd>
        <Chip kind={isDefault ? 'line' : 'neutral'}>{texts.sources[source]}</Chip>
      </dd>
    </div>
  );
}
