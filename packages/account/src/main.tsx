/** Starts the account pages. */
import '../../pages/fonts.css';
import '@postern/react/styles.css';
import './account.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root.');
createRoot(root).render(
  <StrictMode>
    <main>Postern</main>
  </StrictMode>,
);
