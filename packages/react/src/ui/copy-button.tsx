/** Copies a text, and says so for two seconds. */
import Check from 'lucide-react/icons/check';
import Copy from 'lucide-react/icons/copy';
import { useEffect, useState } from 'react';
import { english } from '../messages/en/copying.ts';
import { useTexts } from '../messages/use-texts.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';

export interface CopyButtonProps {
  text: string;
  /** The words of the button. Without them it is only an icon, and `name` says what it copies. */
  label?: string | undefined;
  /** What is copied, for example "the request id". */
  name?: string | undefined;
}

const shownMs = 2000;

export function CopyButton({ text, label, name = '' }: CopyButtonProps) {
  const texts = useTexts('copying', english);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    // Fails without permission: the text stays on the screen, to be selected.
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  const icon = isCopied ? Check : Copy;
  if (label !== undefined)
    return (
      <Button icon={icon} onClick={copy}>
        <span aria-live="polite">{isCopied ? texts.copied : label}</span>
      </Button>
    );
  return (
    <button type="button" className="copy" onClick={copy}>
      <Icon of={icon} size={14} />
      <span className="vh" aria-live="polite">
        {isCopied ? texts.copied : texts.copy(name)}
      </span>
    </button>
  );
}
