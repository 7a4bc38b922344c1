/** All German texts of the first load in one chunk. */
export { de as forms } from '@postern/react';
export { de as texts } from './de.ts';
