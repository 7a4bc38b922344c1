/** The English texts of `Sessions`. */
import type { ReactNode } from 'react';

export const english = {
  title: 'Sessions',
  lead: 'Devices that are signed in to your account.',
  endOthers: 'End all other sessions',
  endOthersTitle: 'End all other sessions?',
  endOthersLead: 'Every other device has to sign in again.',
  thisDevice: 'This device',
  otherDevices: 'Other devices',
  current: 'Current',
  activeNow: 'Active now',
  active: (when: ReactNode) => <>Active {when}</>,
  signedIn: (when: ReactNode, how: string) => (
    <>
      Signed in {when} with {how}
    </>
  ),
  ends: (when: ReactNode) => <>Ends {when}</>,
  signOut: 'Sign out',
  end: 'End session',
  endOne: (device: string) => `End session ${device}`,
  unknownDevice: 'Unknown device',
  noOther: 'No other device is signed in.',
  footnote: 'An ended session is refused here at once. Other services can accept it for some minutes.',
};
