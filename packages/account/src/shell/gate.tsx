/** The frame of the pages without a session: one card on the wall. */
import type { ReactNode } from 'react';
import { gateway } from '../../../pages/gateway.ts';
import { useTexts } from '../messages/languages.ts';
import { Brand } from './brand.tsx';
import { LanguageSwitch } from './language-switch.tsx';

/** The classes of a form that is the card. */
export const gateCard = 'card-gate large-fields';

export function Gate({ children }: { children: ReactNode }) {
  const texts = useTexts();
  return (
    <div className="gate">
      {gateway.logo === null && <Wall />}
      <header className="gate-top">
        <Brand to="sign-in" />
      </header>
      <main className="gate-main" id="main">
        {children}
      </main>
      <footer className="gate-foot">
        {gateway.supportUrl !== null && <a href={gateway.supportUrl}>{texts.help}</a>}
        <LanguageSwitch className="plain-button" />
      </footer>
    </div>
  );
}

function Wall() {
  return (
    <svg className="wall" aria-hidden="true">
      <defs>
        <pattern id="courses" width="128" height="80" patternUnits="userSpaceOnUse" x="8" y="4">
          <path d="M0 .5H128M0 40.5H128M.5 0V40M64.5 40V80" fill="none" stroke="currentColor" />
        </pattern>
      </defs>
      <rect width="100%" height="100%" fill="url(#courses)" />
    </svg>
  );
}
