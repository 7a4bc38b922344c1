/** The English texts of copy buttons and of values that are shown once. */
export const english = {
  copy: (what: string) => (what === '' ? 'Copy' : `Copy ${what}`),
  copyIt: 'Copy',
  copyAll: 'Copy all',
  copied: 'Copied',
  download: 'Download',
  saveFirst: 'First confirm that you have saved it.',
  notSaved: 'This is not saved yet.',
  leaveAnyway: 'It cannot be shown again. Close once more to leave it.',
};
