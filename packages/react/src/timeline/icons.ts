/** The icon of each action, and its tone. The icon repeats the kind of the action, so that colour is never alone. */
import type { LucideIcon } from 'lucide-react';
import AtSign from 'lucide-react/icons/at-sign';
import Ban from 'lucide-react/icons/ban';
import CopyX from 'lucide-react/icons/copy-x';
import Database from 'lucide-react/icons/database';
import Download from 'lucide-react/icons/download';
import Eraser from 'lucide-react/icons/eraser';
import FingerprintPattern from 'lucide-react/icons/fingerprint-pattern';
import History from 'lucide-react/icons/history';
import Key from 'lucide-react/icons/key';
import KeyRound from 'lucide-react/icons/key-round';
import LifeBuoy from 'lucide-react/icons/life-buoy';
import Link from 'lucide-react/icons/link';
import ListChecks from 'lucide-react/icons/list-checks';
import Lock from 'lucide-react/icons/lock';
import LockOpen from 'lucide-react/icons/lock-open';
import LogIn from 'lucide-react/icons/log-in';
import LogOut from 'lucide-react/icons/log-out';
import Mail from 'lucide-react/icons/mail';
import MessageSquare from 'lucide-react/icons/message-square';
import MonitorX from 'lucide-react/icons/monitor-x';
import Phone from 'lucide-react/icons/phone';
import Plug from 'lucide-react/icons/plug';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import ScrollText from 'lucide-react/icons/scroll-text';
import ShieldAlert from 'lucide-react/icons/shield-alert';
import ShieldCheck from 'lucide-react/icons/shield-check';
import ShieldQuestionMark from 'lucide-react/icons/shield-question-mark';
import ShieldX from 'lucide-react/icons/shield-x';
import Smartphone from 'lucide-react/icons/smartphone';
import SquareAsterisk from 'lucide-react/icons/square-asterisk';
import Stamp from 'lucide-react/icons/stamp';
import Trash2 from 'lucide-react/icons/trash-2';
import Unplug from 'lucide-react/icons/unplug';
import Upload from 'lucide-react/icons/upload';
import UserCheck from 'lucide-react/icons/user-check';
import UserCog from 'lucide-react/icons/user-cog';
import UserPen from 'lucide-react/icons/user-pen';
import UserPlus from 'lucide-react/icons/user-plus';
import { isKnownAction, type TimelineAction } from './actions.ts';
import type { TimelineEntry } from './entry.ts';

/** `factor`: by the method in the details. */
const icons: Record<TimelineAction, LucideIcon | 'factor'> = {
  'registration.requested': UserPlus,
  'registration.confirmed': UserCheck,
  'email.verified': UserCheck,
  'registration.confirmation_refused': ShieldX,
  'registration.mail_requested': Mail,
  'user.created': UserPlus,
  'user.updated': UserPen,
  'user.role_changed': UserCog,
  'user.suspended': Ban,
  'user.reactivated': UserCheck,
  'user.deleted': Trash2,
  'user.restored': History,
  'user.mfa_reset': ShieldAlert,
  'user.sessions_revoked': MonitorX,
  'user.link_sent': Mail,
  'risk.history_reset': Eraser,
  'role.created': ListChecks,
  'role.updated': ListChecks,
  'role.deleted': ListChecks,
  'administration.refused': ShieldX,
  'access.denied': ShieldX,
  'identities.refused': ShieldX,
  'access.explained': ShieldQuestionMark,
  'user.purged': Eraser,
  'personal_data.purged': Eraser,
  'data.exported': Download,
  'import.started': Upload,
  'import.finished': Upload,
  'import.forgotten': Eraser,
  'export.created': Download,
  'password.rehashed': KeyRound,
  'email.change_requested': AtSign,
  'email.change_refused': ShieldX,
  'email.changed': AtSign,
  'session.disown_refused': ShieldX,
  'account.recovered': LifeBuoy,
  'password.set': KeyRound,
  'password.reset_requested': Mail,
  'password.set_refused': ShieldX,
  'login.refused': ShieldX,
  'code.requested': Mail,
  'code.refused': ShieldX,
  'captcha.refused': ShieldX,
  'captcha.provider_unavailable': Unplug,
  'session.started': LogIn,
  'session.refreshed': RefreshCw,
  'session.refresh_refused': ShieldX,
  'session.reauthenticated': ShieldCheck,
  'session.ended': LogOut,
  'reauthentication.refused': ShieldX,
  'identity.linked': Link,
  'identity.unlinked': Unplug,
  'federated.refused': ShieldX,
  'provider.created': Plug,
  'provider.updated': Plug,
  'provider.deleted': Unplug,
  'provider.tested': Plug,
  'api_key.created': SquareAsterisk,
  'api_key.rotated': RefreshCw,
  'api_key.updated': SquareAsterisk,
  'api_key.revoked': SquareAsterisk,
  'api_key.refused': ShieldX,
  'api_key.exposed': ShieldAlert,
  'service_account.created': SquareAsterisk,
  'service_account.suspended': SquareAsterisk,
  'service_account.reactivated': SquareAsterisk,
  'service_account.deleted': SquareAsterisk,
  'service_account.keys_set': SquareAsterisk,
  'client_secret.created': SquareAsterisk,
  'client_secret.revoked': SquareAsterisk,
  'client_token.issued': SquareAsterisk,
  'client_token.revoked': SquareAsterisk,
  'webhook.created': Plug,
  'webhook.updated': Plug,
  'webhook.deleted': Unplug,
  'webhook.secret_rotated': RefreshCw,
  'webhook.disabled': Unplug,
  'webhook.backlog_dropped': Trash2,
  'webhook.tested': Plug,
  'webhook.redelivered': RefreshCw,
  'mfa.enrollment_begun': 'factor',
  'mfa.enabled': 'factor',
  'mfa.disabled': 'factor',
  'mfa.challenged': ShieldCheck,
  'mfa.ticket_refused': ShieldX,
  'mfa.code_refused': ShieldX,
  'phone.added': Phone,
  'phone.updated': Phone,
  'phone.removed': Phone,
  'phone.refused': ShieldX,
  'sms.sent': MessageSquare,
  'sms.withheld': MessageSquare,
  'sms.prefix_paused': MessageSquare,
  'backup_code.used': ListChecks,
  'backup_codes.regenerated': ListChecks,
  'passkey.refused': ShieldX,
  'passkey.confirmed': FingerprintPattern,
  'passkey.renamed': FingerprintPattern,
  'passkey.confirmation_refused': ShieldX,
  'passkey.clone_suspected': CopyX,
  'guesses.stopped': Lock,
  'account.locked': Lock,
  'account.unlocked': LockOpen,
  'device.trust_lost': MonitorX,
  'token.reuse_detected': CopyX,
  'database.failover_observed': Database,
  'policy.refused': ShieldX,
  'hook.failed': Unplug,
  'audit_key.created': Stamp,
  'signing_key.created': Key,
  'signing_key.rotated': Key,
  'signing_key.revoked': Key,
};

const warnings: ReadonlySet<string> = new Set<TimelineAction>([
  'user.suspended',
  'user.deleted',
  'account.locked',
  'guesses.stopped',
  'device.trust_lost',
  'passkey.clone_suspected',
  'sms.prefix_paused',
  'signing_key.revoked',
  'webhook.disabled',
  'webhook.backlog_dropped',
  'database.failover_observed',
  'captcha.provider_unavailable',
]);

export function iconOf({ action, outcome, details }: TimelineEntry): LucideIcon {
  const icon = isKnownAction(action) ? icons[action] : outcome === 'SUCCESS' ? ScrollText : ShieldX;
  if (icon !== 'factor') return icon;
  return details.method === 'PASSKEY' ? FingerprintPattern : Smartphone;
}

export function toneOf({ action, outcome }: TimelineEntry): 'bad' | 'warn' | '' {
  if (warnings.has(action)) return 'warn';
  return outcome === 'SUCCESS' ? '' : 'bad';
}
