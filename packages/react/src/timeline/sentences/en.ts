/** The sentences in English. */
import { changesOf, type Details } from './details.ts';
import type { Facts, Party } from './facts.ts';
import type { LocaleSentences } from './locale.ts';
import { name, type Part, type Sentence, say, value } from './sentence.ts';

const unnamed = {
  operator: 'an operator',
  gateway: 'the gateway',
  deleted: 'a deleted user',
  anonymous: 'an anonymous caller',
};

function named(given: Party | null): Part {
  if (given === null) return 'an account';
  if (given.kind === 'person') return name(given.name);
  return given.kind === 'you' ? 'you' : unnamed[given.kind];
}

/** "Grace Hopper’s", "your". */
function possessive(given: Party | null): Sentence {
  return given?.kind === 'you' ? ['your'] : [named(given), '’s'];
}

/** The actor; for requests without a session, the person concerned. */
function subject({ actor, person }: Facts): Part {
  return named(actor.kind === 'anonymous' && person ? person : actor);
}

/** For the person concerned: " for Grace Hopper", or nothing. */
function forPerson({ person }: Facts): Sentence {
  return person ? say` for ${named(person)}` : [];
}

function ofPerson({ person }: Facts): Sentence {
  return person ? say` of ${named(person)}` : [];
}

/** "the role", of oneself or of another: "your role", "Grace Hopper’s role". */
function possession(facts: Facts, thing: string): Sentence {
  if (facts.own) return facts.actor.kind === 'you' ? [`your ${thing}`] : [`their ${thing}`];
  return say`${possessive(facts.person)} ${thing}`;
}

const counted = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const methods: Readonly<Record<string, string>> = {
  PASSWORD: 'password',
  TOTP: 'app code',
  BACKUP_CODE: 'backup code',
  PASSKEY: 'passkey',
  EMAIL_CODE: 'mail code',
  SMS_CODE: 'SMS code',
};

function withMethods(details: Details): Sentence {
  const provider = details.text('provider');
  const used = details
    .list('methods')
    .map((method) => (method === 'FEDERATED' && provider ? provider : (methods[method] ?? method)));
  const [only] = used;
  if (only === undefined) return [];
  if (used.length > 1) return [` with ${used.slice(0, -1).join(', ')} and ${used.at(-1)}`];
  return [provider ? ` with ${only}` : ` with ${/^[aeiou]/.test(only) ? 'an' : 'a'} ${only}`];
}

const factors: Readonly<Record<string, string>> = { TOTP: 'an authenticator app', PASSKEY: 'a passkey' };

/** What an attempt that was denied would have done. */
function attempt(facts: Facts): Sentence {
  const person = named(facts.person);
  const attempts: Readonly<Record<string, Sentence>> = {
    'user.created': ['create a user'],
    'user.role_changed': say`change ${possessive(facts.person)} role`,
    'user.suspended': say`suspend ${person}`,
    'user.reactivated': say`reactivate ${person}`,
    'user.deleted': say`delete the account of ${person}`,
    'user.restored': say`restore the account of ${person}`,
    'user.mfa_reset': say`remove the second factors of ${person}`,
    'user.sessions_revoked': say`end the sessions of ${person}`,
    'risk.history_reset': say`reset the risk history of ${person}`,
    'user.link_sent': say`send ${person} a link`,
    'account.unlocked': say`unlock ${person}`,
    'role.created': say`create the role ${value(facts.object)}`,
    'role.updated': say`change the role ${value(facts.object)}`,
    'role.deleted': say`delete the role ${value(facts.object)}`,
  };
  const attempted = facts.details.text('attempted');
  return attempts[attempted] ?? say`do ${value(attempted)}`;
}

const reasons: Readonly<Record<string, string>> = {
  // refused administration
  rank: 'the rank is too low',
  own_account: 'it is the own account',
  last_super_admin: 'it is the last SUPER_ADMIN',
  missing_permission: 'a permission is missing',
  no_recent_proof: 'the sign-in is too long ago',
  // denied calls
  authentication: 'no session',
  enrolment: 'no second factor',
  permission: 'a permission is missing',
  factor: 'the second factor was not proven',
  recent_proof: 'the sign-in is too long ago',
  network: 'the network is not allowed',
  router: 'it is for the router only',
  // sign-in
  unknown_address: 'no account has this address',
  wrong_password: 'wrong password',
  wrong_code: 'wrong code',
  missing_secret: 'without the secret of the router',
  wrong_secret: 'wrong secret of the router',
  unverified: 'the address is not confirmed',
  suspended: 'the account is suspended',
  changed_meanwhile: 'the account changed meanwhile',
  locked: 'locked for unknown devices',
  source_limited: 'too many attempts from this network',
  method_disabled: 'this way to sign in is disabled',
  unknown_flow: 'the code is unknown, used or has expired',
  captcha: 'a captcha was due',
  MISSING: 'it is missing',
  INVALID: 'it is wrong or was used before',
  EXPIRED: 'it came too late',
  hook: 'a hook refused it',
  // links and tokens
  unknown_token: 'the link is unknown or has expired',
  unknown_ticket: 'the sign-in has expired',
  address_taken: 'an account has this address',
  user_inactive: 'the account is not active',
  registration_pending: 'a registration with this address is pending',
  unknown: 'it is unknown',
  revoked: 'it has ended',
  expired: 'it has expired',
  not_issued: 'the token was never issued',
  // passkeys
  malformed: 'the answer is malformed',
  unknown_passkey: 'the passkey is unknown',
  not_verified: 'the signature is not valid',
  unknown_challenge: 'the challenge is unknown or has expired',
  clone_suspected: 'it may have been copied',
  taken: 'it belongs to another account',
  too_many: 'there are too many',
  unproven: 'the second factor was not proven',
  unconfirmed: 'it is not confirmed yet',
  inactive: 'the account is not active',
  // phones and text messages
  malformed_number: 'it is no phone number',
  country: 'its country gets no messages',
  number_type: 'its kind gets no messages',
  no_other_factor: 'there is no other second factor',
  factor_not_allowed: 'phones are no second factor of this account',
  budget: 'the budget is used up',
  prefix: 'the budget of these numbers is used up',
  paused: 'these numbers are paused',
  number: 'too many messages to it',
  // providers
  owner_inactive: 'its owner is not active',
  CANCELLED: 'the user cancelled',
  PROVIDER_REFUSED: 'the provider refused',
  PROVIDER_UNAVAILABLE: 'the provider did not answer',
  STATE_MISMATCH: 'the answer does not belong to the request',
  EMAIL_MISSING: 'the provider gave no confirmed address',
  NOT_ALLOWED: 'the policy of the provider does not allow it',
  IDENTITY_TAKEN: 'the identity belongs to another account',
  SUSPENDED: 'the account is suspended',
};

function because(details: Details, key = 'reason'): Sentence {
  const reason = details.text(key);
  return reason ? [': ', reasons[reason] ?? value(reason)] : [];
}

const endings: Readonly<Record<string, string>> = {
  reuse_detected: 'a used refresh token came back',
  password_reset: 'the password was reset',
  password_changed: 'the password was changed',
  email_changed: 'the email address was changed',
  account_deleted: 'the account was deleted',
  suspended: 'the account was suspended',
  disowned: 'its owner reported it',
  superseded: 'a newer session replaced it',
  factor_added: 'a second factor was added',
};

const fields: Readonly<Record<string, string>> = { displayName: 'name', locale: 'language' };

function roleChange({ details }: Facts): Sentence {
  const [before, after] = [details.inner('before'), details.inner('after')];
  const { added, removed } = changesOf(before.list('permissions'), after.list('permissions'));
  const [from, to] = [before.text('rank'), after.text('rank')];
  const parts = [
    ...(added.length > 0 ? [`${counted(added.length, 'permission')} added`] : []),
    ...(removed.length > 0
      ? [added.length > 0 ? `${removed.length} removed` : `${counted(removed.length, 'permission')} removed`]
      : []),
    ...(from === to ? [] : [`rank ${from} became ${to}`]),
  ];
  return parts.length > 0 ? [`: ${parts.join(', ')}`] : [];
}

export const english: LocaleSentences = {
  other: (action, facts) => say`${named(facts.actor)} did ${value(action)}`,
  actions: {
    'registration.requested': ({ details }) =>
      details.text('result') === 'address_taken'
        ? ['A registration was requested for an address that has an account']
        : details.text('result') === 'withheld'
          ? ['A registration was requested. No mail was sent: too many mails']
          : details.text('result') === 'refused'
            ? ['A registration was refused: the country is not allowed']
            : ['A registration was requested'],
    'registration.confirmed': (facts) => say`${subject(facts)} confirmed the email address`,
    'email.verified': (facts) => say`${subject(facts)} confirmed the email address with a code`,
    'registration.confirmation_refused': ({ details }) => say`A confirmation was refused${because(details)}`,
    'registration.mail_requested': ({ details }) =>
      details.text('result') === 'sent'
        ? ['The confirmation mail was sent again']
        : ['A confirmation mail was requested. No mail was sent'],
    'user.created': (facts) => {
      const role = value(facts.details.text('role'));
      if (facts.details.text('through') === 'administrator')
        return say`${named(facts.actor)} invited ${named(facts.person)} as ${role}`;
      if (facts.details.text('through') === 'command_line')
        return say`An operator created ${possessive(facts.person)} account as ${role}`;
      if (facts.details.text('through') === 'import')
        return say`${possessive(facts.person)} account was imported as ${role}`;
      return say`${subject(facts)} created an account`;
    },
    'user.updated': (facts) => {
      const changed = facts.details.list('fields').map((field) => fields[field] ?? field);
      return say`${subject(facts)} changed the profile${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`;
    },
    'user.role_changed': (facts) => {
      const [before, after] = [facts.details.inner('before'), facts.details.inner('after')];
      return say`${named(facts.actor)} changed ${possession(facts, 'role')} from ${value(before.text('role'))} to ${value(after.text('role'))}`;
    },
    'user.suspended': (facts) => say`${named(facts.actor)} suspended ${named(facts.person)}`,
    'user.reactivated': (facts) => say`${named(facts.actor)} reactivated ${named(facts.person)}`,
    'user.deleted': (facts) => say`${subject(facts)} deleted ${possession(facts, 'account')}`,
    'user.restored': (facts) => say`${subject(facts)} restored ${possession(facts, 'account')}`,
    'user.mfa_reset': (facts) => say`${named(facts.actor)} removed all second factors of ${named(facts.person)}`,
    'risk.history_reset': (facts) => say`${named(facts.actor)} reset the risk history of ${named(facts.person)}`,
    'user.sessions_revoked': (facts) =>
      say`${named(facts.actor)} ended ${counted(facts.details.inner('before').number('sessions'), 'session')} of ${named(facts.person)}`,
    'user.link_sent': ({ actor, person, details }) => {
      const link = details.text('kind') === 'invitation' ? 'a new invitation' : 'a link to a new password';
      return details.text('result') === 'withheld'
        ? say`${named(actor)} tried to send ${named(person)} ${link}: too many mails`
        : say`${named(actor)} sent ${named(person)} ${link}`;
    },
    'role.created': ({ actor, object }) => say`${named(actor)} created the role ${value(object)}`,
    'role.updated': (facts) => say`${named(facts.actor)} changed the role ${value(facts.object)}${roleChange(facts)}`,
    'role.deleted': ({ actor, object }) => say`${named(actor)} deleted the role ${value(object)}`,
    'administration.refused': (facts) =>
      say`${named(facts.actor)} tried to ${attempt(facts)} and was refused${because(facts.details)}`,
    'access.denied': ({ actor, details }) =>
      say`${named(actor)} called ${value(details.text('operation'))} and was refused${because(details, 'missing')}`,
    'identities.refused': ({ details }) => say`A request for identities was refused${because(details)}`,
    'access.explained': ({ actor, details, person }) =>
      say`${named(actor)} checked ${possessive(person)} access to ${value(details.text('operation'))}`,
    'user.purged': () => ['The data of a deleted account was erased'],
    'personal_data.purged': ({ details }) => [
      `The personal data of ${counted(details.list('entries').length, 'entry', 'entries')} was erased`,
    ],
    'import.started': ({ details }) => say`An import of users from ${value(details.text('source'))} began`,
    'import.finished': ({ details }) =>
      say`An import of users from ${value(details.text('source'))} ended: ${String(details.number('created'))} created, ${String(details.number('failed'))} failed`,
    'import.forgotten': ({ details }) => say`The ids of users from ${value(details.text('source'))} were forgotten`,
    'export.created': ({ details }) => [
      details.is('withHashes')
        ? 'An operator exported all users with their password hashes'
        : 'An operator exported all users',
    ],
    'password.rehashed': (facts) => say`The imported password hash of ${named(facts.person)} was renewed`,
    'data.exported': (facts) => say`${subject(facts)} exported ${possession({ ...facts, own: true }, 'data')}`,
    'email.change_requested': (facts) => say`${subject(facts)} requested a new email address`,
    'email.change_refused': ({ details }) => say`A change of the email address was refused${because(details)}`,
    'email.changed': (facts) =>
      facts.details.text('through') === 'disowned'
        ? say`${possessive(facts.person)} email address was set back`
        : say`${subject(facts)} changed the email address`,
    'session.disown_refused': ({ details }) => say`A “This was not me” link was refused${because(details)}`,
    'account.recovered': ({ person, details }) =>
      say`${possessive(person)} account was secured: ${counted(details.number('sessions'), 'session')} ended`,
    'password.set': (facts) => {
      const through = facts.details.text('through');
      if (through === 'invitation') return say`${subject(facts)} accepted the invitation and set a password`;
      if (through === 'reset') return say`${subject(facts)} set a new password by mail`;
      if (through === 'first') return say`${subject(facts)} set a first password`;
      return say`${subject(facts)} changed the password`;
    },
    'password.reset_requested': (facts) => {
      if (facts.details.text('result') === 'no_account')
        return ['A link to a new password was requested: no account has this address'];
      if (facts.details.text('result') === 'withheld')
        return say`A link to a new password was requested${forPerson(facts)}. No mail was sent: too many mails`;
      return say`A link to a new password was sent${facts.person ? say` to ${named(facts.person)}` : []}`;
    },
    'password.set_refused': ({ details }) => say`A new password was refused${because(details)}`,
    'login.refused': (facts) => say`Sign-in${forPerson(facts)} was refused${because(facts.details)}`,
    'code.requested': (facts) => {
      const code = facts.details.text('channel') === 'SMS' ? 'SMS code' : 'mail code';
      if (facts.details.text('result') === 'no_account')
        return [`A ${code} was requested: no account has this address`];
      if (facts.details.text('result') === 'withheld')
        return say`A ${code} was requested${forPerson(facts)}. It was not sent: too many`;
      return say`A ${code} was sent${facts.person ? say` to ${named(facts.person)}` : []}`;
    },
    'code.refused': (facts) => say`Sign-in with a code was refused${because(facts.details)}`,
    'captcha.refused': ({ details }) => say`A captcha was refused${because(details)}`,
    'captcha.provider_unavailable': ({ details }) =>
      say`The captcha service ${value(details.text('provider'))} did not answer as expected`,
    'session.started': (facts) => say`${subject(facts)} signed in${withMethods(facts.details)}`,
    'session.refreshed': (facts) => say`${subject(facts)} continued a session`,
    'session.refresh_refused': (facts) => say`A session${ofPerson(facts)} was not continued${because(facts.details)}`,
    'session.reauthenticated': (facts) => say`${subject(facts)} confirmed the identity${withMethods(facts.details)}`,
    'session.ended': (facts) => {
      const reason = facts.details.text('reason');
      if (reason === 'logout') return say`${subject(facts)} signed out`;
      if (reason === 'revoked') return say`${subject(facts)} ended a session`;
      if (reason === 'revoked_by_admin') return say`${named(facts.actor)} ended a session${ofPerson(facts)}`;
      return say`A session${ofPerson(facts)} was ended: ${endings[reason] ?? value(reason)}`;
    },
    'reauthentication.refused': (facts) =>
      say`${subject(facts)} could not confirm the identity${because(facts.details)}`,
    'identity.linked': (facts) => say`${subject(facts)} linked an account at ${facts.details.text('provider')}`,
    'identity.unlinked': (facts) => say`${subject(facts)} removed the account at ${facts.details.text('provider')}`,
    'federated.refused': ({ details }) => say`Sign-in with ${details.text('provider')} was refused${because(details)}`,
    'provider.created': ({ actor, details }) => say`${named(actor)} added the provider ${value(details.text('slug'))}`,
    'provider.updated': ({ actor, details }) =>
      say`${named(actor)} changed the provider ${value(details.text('slug'))}`,
    'provider.deleted': ({ actor, details }) =>
      say`${named(actor)} deleted the provider ${value(details.text('slug'))}`,
    'provider.tested': ({ actor, details }) =>
      say`${named(actor)} tested the provider ${value(details.text('slug'))}${details.list('problems').length === 0 ? '' : ': it cannot be used'}`,
    'api_key.created': (facts) => say`${subject(facts)} created an API key`,
    'api_key.rotated': (facts) => say`${subject(facts)} rotated an API key`,
    'api_key.updated': (facts) => say`${subject(facts)} changed an API key`,
    'api_key.revoked': (facts) =>
      facts.details.text('by') === 'administrator'
        ? say`${named(facts.actor)} revoked an API key${ofPerson(facts)}`
        : say`${subject(facts)} revoked an API key`,
    'api_key.refused': (facts) => say`An API key${ofPerson(facts)} was refused${because(facts.details)}`,
    'api_key.exposed': (facts) => say`An API key${ofPerson(facts)} was exposed in the address of a request`,
    'service_account.created': (facts) => say`${named(facts.actor)} created a service account`,
    'service_account.suspended': (facts) => say`${named(facts.actor)} suspended a service account`,
    'service_account.reactivated': (facts) => say`${named(facts.actor)} reactivated a service account`,
    'service_account.deleted': (facts) => say`${named(facts.actor)} deleted a service account`,
    'service_account.keys_set': (facts) => say`${named(facts.actor)} replaced the public keys of a service account`,
    'client_secret.created': (facts) => say`${named(facts.actor)} created a client secret of a service account`,
    'client_secret.revoked': (facts) => say`${named(facts.actor)} revoked a client secret of a service account`,
    'client_token.issued': () => say`A service account got an access token`,
    'client_token.revoked': () => say`The access token of a service account was revoked`,
    'webhook.created': ({ actor, details }) =>
      say`${named(actor)} created a webhook for ${value(details.text('host'))}`,
    'webhook.updated': ({ actor, details }) =>
      say`${named(actor)} changed the webhook for ${value(details.text('host'))}`,
    'webhook.deleted': ({ actor, details }) =>
      say`${named(actor)} deleted the webhook for ${value(details.text('host'))}`,
    'webhook.secret_rotated': ({ actor, details }) =>
      say`${named(actor)} rotated the secret of the webhook for ${value(details.text('host'))}`,
    'webhook.disabled': ({ actor, details }) => {
      const host = value(details.text('host'));
      const reason = details.text('reason');
      if (reason === 'administrator') return say`${named(actor)} disabled the webhook for ${host}`;
      return reason === 'gone'
        ? say`The webhook for ${host} was disabled: its endpoint is gone`
        : say`The webhook for ${host} was disabled: it failed for five days`;
    },
    'webhook.backlog_dropped': ({ details }) =>
      say`The gateway gave up ${counted(details.number('count'), 'message')} to a webhook: too many waited`,
    'webhook.tested': ({ actor }) => say`${named(actor)} sent a test event to a webhook`,
    'webhook.redelivered': ({ actor }) => say`${named(actor)} sent a message to a webhook again`,
    'mfa.enrollment_begun': (facts) =>
      facts.details.text('method') === 'PASSKEY'
        ? say`${subject(facts)} began to add a passkey`
        : say`${subject(facts)} began to set up an authenticator app`,
    'mfa.enabled': (facts) =>
      facts.details.text('method') === 'PASSKEY'
        ? say`${subject(facts)} added a passkey`
        : say`${subject(facts)} set up an authenticator app`,
    'mfa.disabled': (facts) =>
      say`${subject(facts)} removed ${factors[facts.details.text('method')] ?? 'a second factor'}`,
    'mfa.challenged': (facts) => say`${subject(facts)} was asked for the second step`,
    'mfa.ticket_refused': ({ details }) => say`A second step was refused${because(details)}`,
    'mfa.code_refused': (facts) => {
      const thing = facts.details.text('method') === 'PASSKEY' ? 'A passkey' : 'A code';
      return say`${thing}${ofPerson(facts)} was refused${because(facts.details)}`;
    },
    'phone.added': (facts) =>
      say`${subject(facts)} added a phone${facts.details.is('factor') ? ' as a second factor' : ''}`,
    'phone.updated': (facts) =>
      facts.details.is('factor')
        ? say`${subject(facts)} made a phone a second factor`
        : say`A phone${ofPerson(facts)} is no longer a second factor`,
    'phone.removed': (facts) => say`${subject(facts)} removed a phone`,
    'phone.refused': (facts) => say`A phone${ofPerson(facts)} was refused${because(facts.details)}`,
    'sms.sent': ({ details }) => say`A text message to a number in ${value(details.text('country'))} was sent`,
    'sms.withheld': ({ details }) =>
      say`A text message to a number in ${value(details.text('country'))} was withheld${because(details)}`,
    'sms.prefix_paused': ({ details }, { time }) =>
      say`Text messages to ${value(details.text('prefix'))} were paused until ${time(details.text('until'))}: few codes were entered`,
    'backup_code.used': (facts) => say`${subject(facts)} used a backup code: ${facts.details.text('remaining')} left`,
    'backup_codes.regenerated': (facts) =>
      say`${subject(facts)} created ${counted(facts.details.number('count'), 'new backup code')}`,
    'passkey.refused': (facts) => say`A passkey${ofPerson(facts)} was refused${because(facts.details)}`,
    'passkey.confirmed': (facts) => say`A passkey${ofPerson(facts)} was confirmed by mail`,
    'passkey.renamed': (facts) => say`${subject(facts)} renamed a passkey`,
    'passkey.confirmation_refused': ({ details }) => say`The confirmation of a passkey was refused${because(details)}`,
    'passkey.clone_suspected': (facts) => say`A passkey${ofPerson(facts)} may have been copied`,
    'guesses.stopped': ({ person, details }, { time }) =>
      say`Further guesses at the ${details.text('at') === 'password' ? 'password' : 'second factor'} of ${named(person)} were stopped until ${time(details.text('lockedUntil'))}`,
    'account.locked': ({ person, details }, { time }) =>
      say`${person ? possessive(person) : ['An']} ${person ? 'account' : 'unknown address'} was locked for unknown devices until ${time(details.text('lockedUntil'))}`,
    'account.unlocked': (facts) =>
      facts.details.text('through') === 'administrator'
        ? say`${named(facts.actor)} unlocked ${possession(facts, 'account')}`
        : say`${possessive(facts.person)} account was unlocked by the new password`,
    'device.trust_lost': (facts) => say`A device${ofPerson(facts)} is no longer trusted: too many failed attempts`,
    'token.reuse_detected': (facts) => say`A used refresh token came back. The session${ofPerson(facts)} was ended`,
    'database.failover_observed': () => ['The gateway saw that another database server became the primary'],
    'policy.refused': (facts) =>
      say`The hook ${value(facts.details.text('point'))} refused${facts.person ? say` ${named(facts.person)}` : []}${because(facts.details)}`,
    'hook.failed': ({ details }) =>
      say`The hook ${value(details.text('point'))} failed: ${value(details.text('problem'))}`,
    'audit_key.created': () => ['The gateway created the key that seals the audit trail'],
    'signing_key.created': () => ['The gateway created a signing key'],
    'signing_key.rotated': ({ actor }) => say`${named(actor)} rotated the signing key`,
    'signing_key.revoked': ({ actor }) => say`${named(actor)} revoked a signing key`,
  },
};
