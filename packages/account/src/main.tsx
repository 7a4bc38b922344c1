/** Starts the account pages. */
import '../../pages/fonts.css';
import '@postern/react/styles.css';
import './account.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { loadLanguage, preferredLanguage } from './messages/languages.ts';
import { reloadOnStaleFiles } from './stale-files.ts';

/** The language loads first. Not by `await` at the top level: the chunk of a language imports this one, which would then wait for itself. */
async function start(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no element #root.');
  const language = await loadLanguage(preferredLanguage());
  document.documentElement.lang = language.name;
  createRoot(root).render(
    <StrictMode>
      <App language={language} />
    </StrictMode>,
  );
}

reloadOnStaleFiles();
void start();
