/** The selected entry beside the list. On narrow screens it covers the page. */
import { Inspector, type InspectorProps, timelineLocaleOf } from '@postern/react/timeline';
import { useToast } from '@postern/react/ui';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useLocale, useMessages } from '../../messages/messages.ts';
import { usePermissions, useViewer } from '../../session/viewer.ts';

export type AuditInspectorProps = Pick<
  InspectorProps,
  'entry' | 'integrity' | 'closeHref' | 'onClose' | 'onFilterAddress'
>;

export function AuditInspector(props: AuditInspectorProps) {
  const { audit } = useMessages();
  const toast = useToast();
  const canSeeUsers = usePermissions().has('users:read');
  const { id: viewerId } = useViewer();
  const { entry, onClose } = props;
  useFocusOnNarrow(entry.id);
  const copyLink = () =>
    void navigator.clipboard.writeText(window.location.href).then(
      () => toast(audit.linkCopied),
      () => undefined,
    );
  const close = () => {
    onClose();
    // The list is behind the inspector on narrow screens.
    document.querySelector<HTMLElement>(`[data-entry="${entry.id}"]`)?.focus();
  };
  return (
    <Inspector
      {...props}
      locale={timelineLocaleOf(useLocale())}
      viewerId={viewerId}
      onClose={close}
      onCopyLink={copyLink}
      renderPerson={
        canSeeUsers
          ? (id, name) => (
              <Link to="/users/$id" params={{ id }}>
                {name}
              </Link>
            )
          : undefined
      }
    />
  );
}

/** Where the inspector covers the list, the focus follows it. */
function useFocusOnNarrow(id: string): void {
  useEffect(() => {
    if (id && window.matchMedia('(max-width: 1180px)').matches)
      document.querySelector<HTMLElement>('.inspector header a')?.focus();
  }, [id]);
}
