/** A mail server that knows enough SMTP to fall silent in the middle of a session. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { portOf } from '../servers/free-port.ts';

/** The last command of the client, or that it has connected. */
export type SmtpStage = 'connection' | 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'content';

export interface StallingMailServer {
  url: string;
  /** How often the server fell silent. */
  stalls(): number;
  /** The recipients whose mail it accepted. */
  taken: readonly string[];
  /** The complete contents, accepted or not. */
  contents: readonly string[];
  stop(): Promise<void>;
}

const answers: Readonly<Record<SmtpStage, string>> = {
  connection: '220 mail.example.com',
  EHLO: '250 mail.example.com',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 continue',
  content: '250 taken',
};

/** @param stallAt whether to stop responding; the recipient is known from RCPT on */
export async function startStallingMailServer(
  stallAt: (stage: SmtpStage, recipient: string) => boolean,
): Promise<StallingMailServer> {
  const taken: string[] = [];
  const contents: string[] = [];
  const sockets = new Set<Socket>();
  let stalls = 0;

  const server = createServer((socket) => {
    sockets.add(socket);
    // The test ignores a client that closes the connection early.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let [recipient, waiting, content, silent] = ['', '', '', false];
    let inContent = false;
    const reach = (stage: SmtpStage) => {
      silent = stallAt(stage, recipient);
      if (silent) stalls += 1;
      else socket.write(`${answers[stage]}\r\n`);
    };
    const onLine = (line: string) => {
      if (inContent && line !== '.') {
        content += `${line}\r\n`;
      } else if (inContent) {
        inContent = false;
        contents.push(content);
        reach('content');
        if (!silent) taken.push(recipient);
      } else if (line.startsWith('EHLO')) reach('EHLO');
      else if (line.startsWith('MAIL')) reach('MAIL');
      else if (line.startsWith('RCPT')) {
        recipient = /<(.*?)>/.exec(line)?.[1] ?? '';
        reach('RCPT');
      } else if (line === 'DATA') {
        inContent = true;
        reach('DATA');
      } else socket.end('221 bye\r\n');
    };
    socket.on('data', (chunk: Buffer) => {
      const lines = `${waiting}${chunk}`.split('\r\n');
      waiting = lines.pop() ?? '';
      for (const line of lines) if (!silent) onLine(line);
    });
    reach('connection');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  return {
    url: `smtp://127.0.0.1:${port}`,
    stalls: () => stalls,
    taken,
    contents,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
