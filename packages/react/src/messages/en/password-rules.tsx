/** The English texts of the field for a new password. */
import type { ReactNode } from 'react';

export const english = {
  account: (email: ReactNode) => <>For the account {email}.</>,
  atLeast: (count: number) => `At least ${count} characters`,
  classes: (below: number | null) =>
    `Upper case, lower case, a digit and a special character${below === null ? '' : `, or at least ${below} characters`}`,
  judged: 'Not about you, not used before, not common',
  newPassword: 'New password',
  met: 'met',
  unmet: 'not met',
};
