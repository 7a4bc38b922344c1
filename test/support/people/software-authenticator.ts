/**
 * A WebAuthn authenticator (WebAuthn 6, RFC 8949, RFC 9052) that shares no code with the gateway and can send any false
 * value.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export const appOrigin = 'https://app.example.com';
const appRpId = 'app.example.com';

const present = 0x01;
const verified = 0x04;
const attested = 0x40;

/** Values that replace the true ones. */
export interface Overrides {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  crossOrigin?: boolean;
  userPresent?: boolean;
  userVerified?: boolean;
  counter?: number;
  userHandle?: string | null;
  credentialId?: Buffer;
  /** The id of another passkey. */
  privateKey?: KeyObject;
  /** Changes the response after the signature. */
  tamper?: boolean;
  attestation?: { fmt: string; attStmt: Cbor };
}

export interface Options {
  challenge: string;
  user?: { id: string };
}

export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(32);
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #userHandle: string | null = null;
  /** 0 as with synchronised passkeys; otherwise it increases with each signature. */
  counter: number;

  constructor(counter = 0) {
    this.counter = counter;
  }

  get privateKey(): KeyObject {
    return this.#keys.privateKey;
  }

  /** `navigator.credentials.create`, as JSON. */
  register(given: object, overrides: Overrides = {}) {
    const options = optionsIn(given);
    this.#userHandle = options.user?.id ?? null;
    const { x = '', y = '' } = this.#keys.publicKey.export({ format: 'jwk' });
    const key = new Map<number, Cbor>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ]);
    const credentialId = overrides.credentialId ?? this.credentialId;
    const length = Buffer.alloc(2);
    length.writeUInt16BE(credentialId.length);
    const authData = Buffer.concat([
      authenticatorData({ flags: attested, counter: this.counter, ...overrides }),
      Buffer.alloc(16),
      length,
      credentialId,
      encode(key),
    ]);
    const { fmt, attStmt } = overrides.attestation ?? { fmt: 'none', attStmt: new Map<string, Cbor>() };
    const attestationObject = encode(
      new Map<string, Cbor>([
        ['fmt', fmt],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    );
    const id = credentialId.toString('base64url');
    return {
      ...{ id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {} },
      response: {
        clientDataJSON: clientData('webauthn.create', options, overrides).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal', 'hybrid'],
      },
    };
  }

  /** `navigator.credentials.get`, as JSON. */
  sign(given: object, overrides: Overrides = {}) {
    const options = optionsIn(given);
    if (this.counter > 0) this.counter += 1;
    const clientDataJSON = clientData('webauthn.get', options, overrides);
    const authData = authenticatorData({ flags: 0, counter: this.counter, ...overrides });
    const signed = Buffer.concat([authData, sha256(clientDataJSON)]);
    const signature = sign('sha256', signed, overrides.privateKey ?? this.privateKey);
    if (overrides.tamper) authData.writeUInt32BE(authData.readUInt32BE(33) + 1, 33);
    const id = (overrides.credentialId ?? this.credentialId).toString('base64url');
    const userHandle = overrides.userHandle === undefined ? this.#userHandle : overrides.userHandle;
    return {
      ...{ id, rawId: id, type: 'public-key', authenticatorAttachment: 'platform', clientExtensionResults: {} },
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: signature.toString('base64url'),
        ...(userHandle !== null && { userHandle }),
      },
    };
  }
}

function optionsIn(given: object): Options {
  if (!('challenge' in given) || typeof given.challenge !== 'string') throw new Error('the options have no challenge');
  const user = 'user' in given && typeof given.user === 'object' ? given.user : null;
  if (!user || !('id' in user) || typeof user.id !== 'string') return { challenge: given.challenge };
  return { challenge: given.challenge, user: { id: user.id } };
}

function clientData(type: string, options: Options, overrides: Overrides): Buffer {
  const { challenge = options.challenge, origin = appOrigin, crossOrigin = false } = overrides;
  return Buffer.from(JSON.stringify({ type: overrides.type ?? type, challenge, origin, crossOrigin }));
}

function authenticatorData({
  flags,
  counter = 0,
  rpId = appRpId,
  userPresent = true,
  userVerified = true,
}: Overrides & { flags: number }): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(flags | (userPresent ? present : 0) | (userVerified ? verified : 0));
  bytes.writeUInt32BE(counter, 1);
  return Buffer.concat([sha256(Buffer.from(rpId)), bytes]);
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

export type Cbor = number | string | Buffer | Cbor[] | Map<string | number, Cbor>;

function encode(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, item]) => [encode(key), encode(item)])]);
}

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 0x100) return Buffer.from([(major << 5) | 24, argument]);
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 0xff]);
}
