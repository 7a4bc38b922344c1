/** The English texts of `Activity`. */
export const english = {
  title: 'Activity',
  lead: 'What happened to your account, newest first.',
  empty: 'No events yet.',
  older: 'Show older entries',
  notMe: 'This was not me',
  notMeTitle: 'End this session?',
  notMeLead: 'The device is signed out at once. Change your password then.',
  notMeAction: 'End session',
  ended: 'The session has ended.',
  endedNext: 'Change your password now.',
};
