/** The English texts of captchas. */
export const english = {
  working: 'One moment. Your browser is solving a small task.',
  title: 'One more check',
  lead: 'It keeps automated requests away.',
  broken: 'The check could not be loaded. Allow its page in your browser, or try again later.',
};
