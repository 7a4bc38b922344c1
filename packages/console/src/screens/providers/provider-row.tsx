/** One provider: its state, the address to register there, its test, and its changes. A provider of the file has only the test. */
import { messageFor } from '@postern/client';
import { Button, Chip, CopyButton, Icon, Note, useToast } from '@postern/react/ui';
import { useMutation } from '@tanstack/react-query';
import LogIn from 'lucide-react/icons/log-in';
import { useState } from 'react';
import {
  type ManagedProviderFragment,
  TestProviderDocument,
  UpdateProviderDocument,
} from '../../generated/operations.ts';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { DeleteProviderDialog, EditProviderDialog, useProviderChange } from './provider-dialogs.tsx';

export function ProviderRow({ managed }: { managed: ManagedProviderFragment }) {
  const { providers: texts } = useMessages();
  const { provider, enabled, source, callbackUrl } = managed;
  const { id, displayName, kind, slug } = provider;
  const testing = useMutation({ mutationFn: () => client.request(TestProviderDocument, { input: { id } }) });
  return (
    <li>
      <span className={enabled ? 'glyph ok' : 'glyph'}>
        <Icon of={LogIn} size={18} />
      </span>
      <div>
        <p className="row-title">
          <bdi>{displayName}</bdi>
          <Chip kind={enabled ? 'ok' : 'neutral'}>{enabled ? texts.enabled : texts.disabled}</Chip>
          {source === 'FILE' && <Chip kind="line">{texts.file}</Chip>}
        </p>
        <p className="row-sub">
          <span className="dots">
            <span>{texts.kinds[kind]}</span>
            <span className="mono">{slug}</span>
            <span className="mono">
              {callbackUrl} <CopyButton text={callbackUrl} name={texts.callback} />
            </span>
          </span>
        </p>
        <TestResult problems={testing.data?.testFederatedProvider.problems ?? null} error={testing.error} />
      </div>
      <div className="actions">
        <Button
          size="small"
          pending={testing.isPending}
          aria-label={texts.testOf(displayName)}
          onClick={() => testing.mutate()}
        >
          {texts.test}
        </Button>
        {source === 'DATABASE' && <Changes managed={managed} />}
      </div>
    </li>
  );
}

function TestResult({
  problems,
  error,
}: {
  problems: readonly { code: string; message: string }[] | null;
  error: unknown;
}) {
  const { providers: texts } = useMessages();
  const locale = useLocale();
  if (error)
    return (
      <Note kind="danger" role="alert">
        {messageFor(error, locale)}
      </Note>
    );
  if (problems === null) return null;
  if (problems.length === 0)
    return (
      <Note kind="ok" role="status">
        {texts.works}
      </Note>
    );
  return (
    <Note kind="warn" role="status" title={texts.fails}>
      {problems.map(({ code, message }) => (
        <span key={code + message}>{message} </span>
      ))}
    </Note>
  );
}

function Changes({ managed }: { managed: ManagedProviderFragment }) {
  const { providers: texts } = useMessages();
  const locale = useLocale();
  const toast = useToast();
  const run = useProviderChange();
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const { id, displayName } = managed.provider;
  const enabled = !managed.enabled;
  const flip = useMutation({
    mutationFn: () => run(() => client.request(UpdateProviderDocument, { input: { id, enabled } })),
    onSuccess: () => toast(enabled ? texts.nowEnabled(displayName) : texts.nowDisabled(displayName)),
    onError: (error) => toast(messageFor(error, locale)),
  });
  return (
    <>
      <Button size="small" aria-label={texts.editTitle(displayName)} onClick={() => setOpen('edit')}>
        {texts.edit}
      </Button>
      <Button
        size="small"
        pending={flip.isPending}
        aria-label={enabled ? texts.enableOf(displayName) : texts.disableOf(displayName)}
        onClick={() => flip.mutate()}
      >
        {enabled ? texts.enable : texts.disable}
      </Button>
      <Button size="small" kind="danger" aria-label={texts.deleteOf(displayName)} onClick={() => setOpen('delete')}>
        {texts.delete}
      </Button>
      {open === 'edit' && <EditProviderDialog managed={managed} onClose={() => setOpen(null)} />}
      {open === 'delete' && <DeleteProviderDialog managed={managed} onClose={() => setOpen(null)} />}
    </>
  );
}
