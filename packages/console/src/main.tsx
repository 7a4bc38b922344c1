/** Starts the console. */
import '@fontsource-variable/geist';
import '@fontsource-variable/geist-mono';
import '@postern/react/styles.css';
import './console.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './data/query-client.ts';
import { LocaleContext, localeIn } from './messages/messages.ts';
import { router } from './router.ts';
import { SessionGate } from './session/session-gate.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');
const locale = localeIn(navigator.languages);
document.documentElement.lang = locale;

createRoot(root).render(
  <StrictMode>
    {/* The policy of the pages allows no <style> elements. */}
    <CSPProvider disableStyleElements>
      <LocaleContext value={locale}>
        <QueryClientProvider client={queryClient}>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </QueryClientProvider>
      </LocaleContext>
    </CSPProvider>
  </StrictMode>,
);
