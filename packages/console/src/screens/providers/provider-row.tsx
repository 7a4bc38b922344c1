/** One provider: its state, the address to register there, its test, and its changes. A provider of the file has only the test. */
import { Button, Chip, CopyButton, ErrorText, Icon, Note, Time, useToast } from '@postern/react/ui';
import { useMutation } from '@tanstack/react-query';
import LogIn from 'lucide-react/icons/log-in';
import { useState } from 'react';
import {
  type ManagedProviderFragment,
  TestProviderDocument,
  UpdateProviderDocument,
} from '../../generated/operations.ts';
import { useMessages } from '../../messages/messages.ts';
import { client } from '../../session/client.ts';
import { DeleteProviderDialog, EditProviderDialog, useProviderChange } from './provider-dialogs.tsx';

export function ProviderRow({ managed }: { managed: ManagedProviderFragment }) {
  const { providers: texts } = useMessages();
  const { provider, enabled, source, callbackUrl, lastTest } = managed;
  const { id, displayName, kind, slug } = provider;
  const run = useProviderChange();
  const testing = useMutation({ mutationFn: () => run(() => client.request(TestProviderDocument, { input: { id } })) });
  const flip = useFlip(managed);
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
        <TestResult test={lastTest} error={testing.error ?? flip.error} />
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
        {source === 'DATABASE' && <Changes managed={managed} flip={flip} />}
      </div>
    </li>
  );
}

interface TestResultProps {
  test: ManagedProviderFragment['lastTest'];
  /** Why the provider could not be tested or changed. */
  error: unknown;
}

function TestResult({ test, error }: TestResultProps) {
  const { providers: texts } = useMessages();
  if (error)
    return (
      <Note kind="danger" role="alert">
        <ErrorText error={error} />
      </Note>
    );
  if (test === null) return null;
  const tested = texts.tested(<Time at={test.testedAt} />);
  if (test.problems.length === 0)
    return (
      <p className="row-sub" role="status">
        <span className="dots">
          <span>{texts.works}</span>
          <span>{tested}</span>
        </span>
      </p>
    );
  return (
    <Note kind="warn" role="status" title={texts.fails}>
      {test.problems.map(({ code, message }) => (
        <span key={code + message}>{message} </span>
      ))}
      <span className="subtle">{tested}</span>
    </Note>
  );
}

/** Enables a disabled provider and disables an enabled one. */
function useFlip(managed: ManagedProviderFragment) {
  const { providers: texts } = useMessages();
  const toast = useToast();
  const run = useProviderChange();
  const { id, displayName } = managed.provider;
  const enabled = !managed.enabled;
  return useMutation({
    mutationFn: () => run(() => client.request(UpdateProviderDocument, { input: { id, enabled } })),
    onSuccess: () => toast(enabled ? texts.nowEnabled(displayName) : texts.nowDisabled(displayName)),
  });
}

interface ChangesProps {
  managed: ManagedProviderFragment;
  flip: ReturnType<typeof useFlip>;
}

function Changes({ managed, flip }: ChangesProps) {
  const { providers: texts } = useMessages();
  const [open, setOpen] = useState<'edit' | 'delete' | null>(null);
  const { displayName } = managed.provider;
  const enabled = !managed.enabled;
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
