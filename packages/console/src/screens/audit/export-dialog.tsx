/** How to export the trail: the gateway streams it at the command line, complete and with its proofs. */
import { Button, CopyButton, Dialog } from '@postern/react/ui';
import { useMessages } from '../../messages/messages.ts';

const commands = [
  'postern audit export --since 2026-01-01 > trail.ndjson',
  'postern audit key > key.pem',
  'postern audit verify --file trail.ndjson --public-key key.pem',
];

export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { audit, shell } = useMessages();
  return (
    <Dialog
      title={audit.export}
      lead={audit.exportLead}
      onClose={onClose}
      footer={<Button onClick={onClose}>{shell.close}</Button>}
    >
      <div>
        {commands.map((command) => (
          <div className="cmd" key={command}>
            <code>{command}</code>
            <CopyButton text={command} name={audit.command} />
          </div>
        ))}
      </div>
    </Dialog>
  );
}
