/** The list of keyboard shortcuts, with the switch for single keys. */
import { useMessages } from '../messages/messages.ts';
import { Modal } from './modal.tsx';
import { useSingleKeys } from './shortcuts.ts';

const keys = [
  ['finder', ['Ctrl', 'K']],
  ['search', ['/']],
  ['next', ['J']],
  ['previous', ['K']],
  ['open', ['Enter']],
  ['close', ['Escape']],
  ['help', ['?']],
] as const;

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { shortcuts, shell } = useMessages();
  const [isOn, setOn] = useSingleKeys();
  return (
    <Modal className="modal" label={shortcuts.title} onClose={onClose}>
      <div className="dialog">
        <div>
          <h2>{shortcuts.title}</h2>
          <dl className="keys">
            {keys.map(([name, parts]) => (
              <div key={name}>
                <dt>{shortcuts[name]}</dt>
                <dd>
                  {parts.map((part) => (
                    <kbd key={part} className="kbd">
                      {part}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
          <label className="check">
            <input type="checkbox" checked={isOn} onChange={({ target }) => setOn(target.checked)} />
            {shortcuts.letters}
          </label>
        </div>
        <footer>
          <button className="btn" type="button" onClick={onClose}>
            {shell.close}
          </button>
        </footer>
      </div>
    </Modal>
  );
}
