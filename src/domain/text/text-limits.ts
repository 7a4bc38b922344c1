/** How long text from outside may be; the numbers are those of the functions that normalise and hash it. */
export { maxPasswordUnits, maxReasonUnits, maxTextUnits } from '../../security/bounded-text.ts';
