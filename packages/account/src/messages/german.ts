/** All German texts in one chunk. */
export { de as forms } from '@postern/react';
export { de as texts } from './de.tsx';
