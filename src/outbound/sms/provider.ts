/** What a service that sends short messages takes and answers. */

export interface SmsMessage {
  /** The same at a second attempt. */
  id: string;
  /** E.164. */
  to: string;
  text: string;
}

export interface SmsProblem {
  /** The code of the service or of the network. Never its text, which may quote the message. */
  code: string;
  /**
   * `later`: the service did not accept the message and may accept it later. `final`: it never will, or it may have
   * accepted the message: another attempt could deliver it twice.
   */
  nature: 'later' | 'final';
}

export interface SmsProvider {
  /** @returns null when the service accepted the message. Never throws. */
  send(message: SmsMessage): Promise<SmsProblem | null>;
}
