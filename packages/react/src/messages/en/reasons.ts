/** The English texts of `ReasonDialog`. */
export const english = {
  label: 'Reason',
  optional: 'Reason (optional)',
  hint: 'Stored in the audit trail with your name.',
};
