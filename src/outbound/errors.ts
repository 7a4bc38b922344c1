/** The errors of calls to other servers. Their texts are fixed: they name no path, no query, no header and no body. */

/** The rules of address-rules.ts forbid the call. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
}

/** The server did not answer: the network, the time limit, or the circuit of its host. */
export class OutboundUnavailable extends Error {
  override name = 'OutboundUnavailable';
  /** Whether the connection was open: the server may have done what the request asked for. */
  readonly connected: boolean;

  constructor(message: string, { connected = false } = {}) {
    super(message);
    this.connected = connected;
  }
}

export class OutboundTooLarge extends Error {
  override name = 'OutboundTooLarge';
}
