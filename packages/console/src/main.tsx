/** Starts the console. */
import '../../pages/fonts.css';
import '@postern/react/styles.css';
import './console.css';
import { de, en, PosternProvider } from '@postern/react';
import { Toasts } from '@postern/react/ui';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './data/query-client.ts';
import { LocaleContext, languageOf, localeIn } from './messages/messages.ts';
import { router } from './router.ts';
import { client } from './session/client.ts';
import { SessionGate } from './session/session-gate.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');
const locale = localeIn(navigator.languages);
document.documentElement.lang = locale;
const messages = languageOf(locale) === 'de' ? de : en;

createRoot(root).render(
  <StrictMode>
    <LocaleContext value={locale}>
      <PosternProvider client={client} messages={messages} locale={locale}>
        <QueryClientProvider client={queryClient}>
          <SessionGate>
            <Toasts>
              <RouterProvider router={router} />
            </Toasts>
          </SessionGate>
        </QueryClientProvider>
      </PosternProvider>
    </LocaleContext>
  </StrictMode>,
);
