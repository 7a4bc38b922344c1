/** Starts the console. */
import '../../pages/fonts.css';
import '@postern/react/styles.css';
import './console.css';
import { PosternProvider } from '@postern/react';
import { Toasts } from '@postern/react/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './data/query-client.ts';
import { LanguageContext, loadLanguage, localeIn } from './messages/messages.ts';
import { router } from './router.ts';
import { client } from './session/client.ts';
import { SessionGate } from './session/session-gate.tsx';

/** The language loads first. Not by `await` at the top level: the chunk of a language imports this one, which would then wait for itself. */
async function start(): Promise<void> {
  // The code of the page, and what it asks for, beside the language and the user.
  void router.load();
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element #root.');
  const language = await loadLanguage(localeIn(navigator.languages));
  document.documentElement.lang = language.locale;
  createRoot(root).render(
    <StrictMode>
      <LanguageContext value={language}>
        <PosternProvider client={client} messages={language.forms} locale={language.locale}>
          <QueryClientProvider client={queryClient}>
            <SessionGate>
              <Toasts>
                <RouterProvider router={router} />
              </Toasts>
            </SessionGate>
          </QueryClientProvider>
        </PosternProvider>
      </LanguageContext>
    </StrictMode>,
  );
}

void start();
