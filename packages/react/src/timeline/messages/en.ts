/** The texts of the timeline in English, without the sentences. The type of this object is the list of keys that every language has. */

const number = (value: number) => value.toLocaleString('en');

export const en = {
  today: 'Today',
  yesterday: 'Yesterday',
  on: 'on',
  unknownClient: 'unknown client',
  sealed: 'Sealed',
  waiting: 'Waiting',
  broken: 'Broken',
  notes: {
    knownDevice: 'known device',
    newDevice: 'new device',
    mediumRisk: 'medium risk',
    highRisk: 'high risk',
    scheduled: 'by schedule',
    commandLine: 'at the command line',
    calls: (count: number) => `${number(count)} calls`,
  },
  checkpoint: (count: number, time: string) => `Sealed up to here by checkpoint ${number(count)} at ${time}`,
  missing: (sequence: number) => `Entry ${number(sequence)} is missing`,
  trust: {
    whole: 'The trail is whole.',
    broken: 'The trail is broken.',
    checked: (count: number, isComplete: boolean, time: string) =>
      isComplete
        ? `All ${number(count)} entries were checked at ${time}.`
        : `The newest ${number(count)} entries were checked at ${time}.`,
    empty: 'No entry is sealed yet.',
    signed: (count: number, age: string) => `Checkpoint ${number(count)} was signed ${age}.`,
    older: 'Older entries: run',
    again: 'Check again',
    show: 'Show the entry',
    loading: 'The trail is being checked',
  },
  inspector: {
    label: 'Selected entry',
    copyLink: 'Copy link to this entry',
    close: 'Close entry',
    reason: 'Reason: ',
    change: 'Change',
    before: 'before: ',
    after: 'after: ',
    nothing: 'nothing',
    unchanged: (count: number) => `${number(count)} unchanged`,
    details: 'Details',
    by: 'By',
    on: 'On',
    address: 'Address',
    device: 'Device',
    session: 'Session',
    requestId: 'Request id',
    action: 'Action',
    outcome: 'Outcome',
    outcomes: { SUCCESS: 'Success', FAILURE: 'Failure', DENIED: 'Denied' },
    removed: 'Removed with the account.',
    filterAddress: 'Filter by this address',
    things: { address: 'address', session: 'session id', request: 'request id', seal: 'seal', command: 'command' },
    sealedHint: 'Chained to the entry before it, and signed by a checkpoint.',
    waitingHint: 'Will be sealed within seconds.',
    seal: 'Seal',
    place: 'Place',
    coveredBy: 'Covered by',
    checkpoint: (count: number) => `Checkpoint ${number(count)} or earlier`,
  },
  fields: {
    role: 'role',
    status: 'status',
    rank: 'rank',
    permissions: 'permissions',
    sessions: 'sessions',
    secondFactor: 'factor',
    locks: 'locks',
  },
};

export type TimelineMessages = typeof en;
