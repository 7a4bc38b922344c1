/** The second line of an entry: reason, address, device, and what the details say besides the sentence. */
import { deviceOf } from '../ui/device.ts';
import type { TimelineEntry } from './entry.ts';
import type { TimelineMessages } from './messages/messages.ts';
import { Details } from './sentences/details.ts';

export type Note = { kind: 'reason' | 'text'; text: string };

export function notesOf(entry: TimelineEntry, messages: TimelineMessages): Note[] {
  const { reason, ipAddress } = entry;
  const text = (given: string): Note => ({ kind: 'text', text: given });
  return [
    ...(reason ? [{ kind: 'reason', text: reason } as const] : []),
    ...(ipAddress ? [text(ipAddress)] : []),
    ...(ipAddress ? [text(clientOf(entry, messages))] : []),
    ...besides(entry, messages).map(text),
  ];
}

export function clientOf({ userAgent }: TimelineEntry, { on, unknownClient }: TimelineMessages): string {
  return (userAgent && deviceOf(userAgent, on)) || unknownClient;
}

function besides(entry: TimelineEntry, { notes }: TimelineMessages): string[] {
  const details = new Details(entry.details);
  const device = entry.action === 'session.started' ? details.text('device') : '';
  const level = details.inner('risk').text('level');
  const count = ['access.denied', 'identities.refused'].includes(entry.action) ? details.number('count') : 0;
  return [
    ...(device === '' ? [] : [device === 'new' ? notes.newDevice : notes.knownDevice]),
    ...(level === 'MEDIUM' ? [notes.mediumRisk] : level === 'HIGH' ? [notes.highRisk] : []),
    ...(count > 1 ? [notes.calls(count)] : []),
    ...(entry.requestId === 'schedule' ? [notes.scheduled] : []),
    ...(entry.requestId === 'command-line' ? [notes.commandLine] : []),
  ];
}
