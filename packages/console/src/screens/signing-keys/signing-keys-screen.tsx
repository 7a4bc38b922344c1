/** The keys that sign access tokens: which one signs, which one follows, and which ones are still published. */
import { Chip, CopyButton, Icon, Time } from '@postern/react/ui';
import { useQuery } from '@tanstack/react-query';
import Clock from 'lucide-react/icons/clock';
import History from 'lucide-react/icons/history';
import KeyRound from 'lucide-react/icons/key-round';
import { operation } from '../../data/operation.ts';
import { type KeyStateFragment, SigningKeysDocument } from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { Failure } from '../../states/failure.tsx';
import { Permitted } from '../../states/permitted.tsx';
import { RotateKeys } from './rotate-keys.tsx';

export function SigningKeysScreen() {
  const { pages } = useMessages();
  const { data } = useQuery({ ...operation('signing-keys', SigningKeysDocument, {}), enabled: false });
  return (
    <Permitted page="signing-keys">
      <PageHead title={pages['signing-keys']} actions={<RotateKeys keys={data?.signingKeys ?? []} />} />
      <KeyList />
    </Permitted>
  );
}

/** In the order of their life, backwards: the next key first. */
const states = ['next', 'active', 'retired'] as const;

function KeyList() {
  const { signingKeys: texts } = useMessages();
  const query = useQuery(operation('signing-keys', SigningKeysDocument, {}));
  const { data, error } = query;
  if (!data && error) return <Failure query={query} />;
  return (
    <>
      <section className="panel">
        <ul className="rows" aria-busy={!data}>
          {states.flatMap((state) =>
            (data?.signingKeys ?? [])
              .filter((key) => key.state === state)
              .toReversed()
              .map((key) => <KeyRow key={key.kid} signingKey={key} state={state} />),
          )}
          {!data && (
            <li>
              <span className="glyph" />
              <span className="skeleton line-w" />
            </li>
          )}
        </ul>
      </section>
      <p className="hint foot">{texts.hint}</p>
    </>
  );
}

const icons = { next: Clock, active: KeyRound, retired: History };

function KeyRow({ signingKey: key, state }: { signingKey: KeyStateFragment; state: (typeof states)[number] }) {
  const { signingKeys: texts } = useMessages();
  return (
    <li>
      <span className={state === 'active' ? 'glyph ok' : 'glyph'}>
        <Icon of={icons[state]} size={18} />
      </span>
      <div>
        <p className="row-title">
          <span className="mono">{key.kid}</span>
          <CopyButton text={key.kid} name={texts.kid} />
          <Chip kind={state === 'active' ? 'ok' : 'neutral'}>{texts.states[state]}</Chip>
        </p>
        <p className="row-sub">
          <span className="dots">
            <span>
              {texts.created} <Time at={key.createdAt} />
            </span>
            {key.activatedAt !== null && (
              <span>
                {texts.activated} <Time at={key.activatedAt} />
              </span>
            )}
            {key.retiredAt !== null && (
              <span>
                {texts.retired} <Time at={key.retiredAt} />
              </span>
            )}
            {key.promotableAt !== null && (
              <span>
                {texts.promotable} <Time at={key.promotableAt} />
              </span>
            )}
          </span>
        </p>
      </div>
    </li>
  );
}
